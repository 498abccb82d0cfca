"""The rows as data: what is broken, what must be observed, which tests of other suites show it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "rows.toml"


@dataclass(frozen=True)
class Row:
    """One row of a table. `elsewhere` are tests of other suites, `file::function`, by side."""

    id: str
    table: str
    title: str
    must: str
    elsewhere: dict[str, tuple[str, ...]]


def read_rows(path: Path = FILE) -> list[Row]:
    """Read the rows in the order of the page."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    return [
        Row(
            id=it["id"],
            table=it["table"],
            title=it["title"],
            must=it["must"],
            elsewhere={
                side: (*it.get("both", ()), *it.get(side, ()))
                for side in ("monolith", "microservices")
            },
        )
        for it in document["row"]
    ]
