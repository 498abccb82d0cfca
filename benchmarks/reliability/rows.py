"""The rows of the tables as data: the fault, the requirement, and tests of other suites."""

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
    """Return the rows of a TOML file, in the order of the page."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    return [
        Row(
            id=row["id"],
            table=row["table"],
            title=row["title"],
            must=row["must"],
            elsewhere={
                side: (*row.get("both", ()), *row.get(side, ()))
                for side in ("monolith", "microservices")
            },
        )
        for row in document["row"]
    ]
