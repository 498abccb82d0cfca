"""`python -m generation`: update generated sections of pages and draw the diagrams."""

import sys

from generation import diagrams, page_blocks


def main() -> int:
    """Write what differs and print its name."""
    for block in page_blocks.BLOCKS:
        before = block.page.read_text(encoding="utf-8")
        after = page_blocks.updated(block, before)
        if after != before:
            block.page.write_text(after, encoding="utf-8")
            print(f"{block.page.name}: updated")
    for source in diagrams.SOURCES:
        if not diagrams.is_current(source):
            diagrams.image_of(source).write_text(diagrams.render(source), encoding="utf-8")
            print(f"{diagrams.image_of(source).name}: drawn")
    return 0


if __name__ == "__main__":
    sys.exit(main())
