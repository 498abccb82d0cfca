"""The generated sections of pages that are otherwise written by hand: found, compared, replaced."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from generation.answers import answers
from generation.paths import DOCS, ROOT
from generation.templating import render


@dataclass(frozen=True)
class Block:
    """A section of a page, found by its own shape, and the template and values it is made of."""

    page: Path
    template: str
    pattern: re.Pattern[str]
    values: Callable[[], Mapping[str, object]]


def _table(first_cells: str) -> re.Pattern[str]:
    """Return the pattern of a table that begins with these header cells."""
    return re.compile(rf"^{re.escape(first_cells)}.*\n(?:\|.*\n)+", re.MULTILINE)


def _answers() -> Mapping[str, object]:
    return {"answers": answers()}


BLOCKS = (
    Block(ROOT / "README.md", "answers_table.md.j2", _table("| question: result |"), _answers),
    Block(
        DOCS / "index.md",
        "answers_cards.md.j2",
        re.compile(r'^<div class="answers">\n(?:.*\n)*?</div>\n</div>\n', re.MULTILINE),
        _answers,
    ),
)


def generated(block: Block) -> str:
    """Return the section as the committed runs have it."""
    return render(block.template, **block.values())


def updated(block: Block, text: str) -> str:
    """Return a page's text with its section replaced. ValueError if it isn't there exactly once."""
    found = block.pattern.findall(text)
    if len(found) != 1:
        message = f"{block.page.name} has {len(found)} sections of {block.template}, not one"
        raise ValueError(message)
    return block.pattern.sub(lambda _: generated(block), text)
