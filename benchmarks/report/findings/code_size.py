"""The page on the price in code: counted from the sources, not from a run."""

from typing import Any

from benchmarks.code_size.count import CodeSize, count_both, rows

NAME = "findings-code-size"


def context(counts: dict[str, CodeSize] | None = None) -> dict[str, Any]:
    """Return what the template needs: the counts of both sides, and each one's ratio."""
    found = count_both() if counts is None else counts
    return {
        "rows": [
            (title, monolith, services, services / monolith if monolith else None)
            for title, (monolith, services) in rows(found)
        ]
    }
