"""The settings' reference page, from the table in each unit's README.

A test of each unit holds its table equal to its settings module.
"""

import re
from dataclasses import dataclass

from generation.paths import ROOT
from generation.templating import render

UNITS = {
    "The monolith": "monolith",
    "The accounts service": "microservices/accounts",
    "The submissions service": "microservices/submissions",
    "The recognition service": "microservices/recognition",
    "The edge of the monolith": "monolith/edge",
    "The edge of the services": "microservices/edge",
}
_TABLE = re.compile(r"^\| variable \| default \|.*\n\|[ -|]+\n((?:\|.*\n)+)", re.MULTILINE)

_CELL_END = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Setting:
    """One environment variable: its name, its default and its meaning, as Markdown."""

    name: str
    default: str
    meaning: str


def settings_of(folder: str) -> list[Setting]:
    """Return a unit's settings. ValueError if its README has no such table."""
    found = _TABLE.search((ROOT / folder / "README.md").read_text(encoding="utf-8"))
    if found is None:
        message = f"{folder}/README.md has no table of settings"
        raise ValueError(message)
    rows = [_CELL_END.split(line)[1:4] for line in found[1].splitlines()]
    return [Setting(*(cell.strip() for cell in row)) for row in rows]


def page() -> str:
    """Return the page's Markdown."""
    units = [(title, folder, settings_of(folder)) for title, folder in UNITS.items()]
    readers: dict[str, list[str]] = {}
    for _, folder, settings in units:
        for setting in settings:
            readers.setdefault(setting.name, []).append(folder.removeprefix("microservices/"))
    return render("reference_settings.md.j2", units=units, readers=readers)
