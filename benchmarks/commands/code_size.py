"""Count what each architecture consists of: lines, files, processes, settings, tables and more."""

import argparse
from collections.abc import Mapping

from benchmarks.code_size.count import count_both, rows

ERRORS: Mapping[type[Exception], int] = {}
INTERRUPTED = "Interrupted."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add nothing: the command has no arguments."""


def run(_options: argparse.Namespace) -> int:
    """Print a table of both sides. What is shared by both is counted for neither."""
    counts = count_both()
    shown = rows(counts)
    width = max(len(title) for title, _ in shown)
    print(f"{'':{width}}" + "".join(f"{side:>15}" for side in counts))
    for title, values in shown:
        print(f"{title:{width}}" + "".join(f"{value:>15,}" for value in values))
    print("shared/ belongs to both sides and is counted for neither.")
    return 0
