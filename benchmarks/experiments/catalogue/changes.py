"""A change of a catalogue, and how its folder is read and validated."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.experiments.catalogue.components import COMPONENTS, RELEASED_WITH
from benchmarks.experiments.catalogue.edits import Edit, EditError, parse
from benchmarks.experiments.catalogue.sides import UNITS
from benchmarks.experiments.runner.arms import MONOLITH, SERVICES

EXPERIMENTS = Path(__file__).resolve().parents[1]
TABLE = "change.toml"
PATCHES = {MONOLITH: "monolith.patch", SERVICES: "microservices.patch"}
_COMMON = ("id", "title", "component", "simulates", "equivalence")
_UNITS = "units"


class CatalogueError(Exception):
    """A catalogue that can't be read; the text names the file and what it has to hold."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change to the product; `edits` and `units` go by architecture.

    `title` is what it does, in a sentence. `simulates` is the real change or mistake that it stands
    for, `equivalence` why both sides get an equal one. `units` are released for it, in that order.
    """

    name: str
    title: str
    component: str
    simulates: str
    equivalence: str
    edits: Mapping[str, tuple[Edit, ...]]
    units: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A change, and the keys that its own catalogue has beside the common ones."""

    change: Change
    own: Mapping[str, str]


def load(catalogue: Path, own: Mapping[str, Collection[str]]) -> tuple[Entry, ...]:
    """Read all changes of a catalogue, by component and then by name. Raises CatalogueError.

    `own` are the keys that each has beside the common ones, with the values that each may take; an
    empty collection allows any text.
    """
    entries = [
        _entry(folder, own)
        for folder in sorted(catalogue.glob("*/*/"), key=lambda path: (_rank(path), path.name))
    ]
    seen: dict[str, Entry] = {}
    for entry in entries:
        if entry.change.name in seen:
            message = f"{catalogue} has two changes with the id {entry.change.name!r}."
            raise CatalogueError(message)
        seen[entry.change.name] = entry
    return tuple(entries)


def _rank(folder: Path) -> int:
    if folder.parent.name not in COMPONENTS:
        message = f"{folder.parent} is no component: there is {', '.join(COMPONENTS)}."
        raise CatalogueError(message)
    return COMPONENTS.index(folder.parent.name)


def _entry(folder: Path, own: Mapping[str, Collection[str]]) -> Entry:
    table = _table(folder / TABLE, (*_COMMON, *own))
    component = folder.parent.name
    if table["component"] != component:
        message = f"{folder / TABLE}: the component is {table['component']!r}; its folder is that"
        raise CatalogueError(f"{message} of {component!r}.")
    if table["id"] not in {folder.name, f"{component}-{folder.name}"}:
        expected = f"{folder.name!r} or {component}-{folder.name!r}"
        message = f"{folder / TABLE}: the id is {table['id']!r}, and has to be {expected}."
        raise CatalogueError(message)
    for key, allowed in own.items():
        if allowed and table[key] not in allowed:
            message = f"{folder / TABLE}: {key} is {table[key]!r}: there is {', '.join(allowed)}."
            raise CatalogueError(message)
    change = Change(
        name=table["id"],
        title=table["title"],
        component=component,
        simulates=table["simulates"],
        equivalence=table["equivalence"],
        edits={side: read_patch(folder / name) for side, name in PATCHES.items()},
        units={
            MONOLITH: UNITS[MONOLITH],
            SERVICES: tuple(table.get(_UNITS, RELEASED_WITH[component])),
        },
    )
    return Entry(change, {key: table[key] for key in own})


def _table(path: Path, texts: Collection[str]) -> dict[str, Any]:
    """Read a table of texts, which may also list the services that are released."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        message = f"{path} is missing: each folder of a catalogue has one."
        raise CatalogueError(message) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{path} is no TOML document: {error}."
        raise CatalogueError(message) from error
    for key in table:
        if key not in {*texts, _UNITS}:
            message = f"{path}: there is no key {key!r}: there is {', '.join((*texts, _UNITS))}."
            raise CatalogueError(message)
    for key in texts:
        if not isinstance(table.get(key), str) or not table[key].strip():
            message = f"{path}: {key} has to be a text that isn't empty."
            raise CatalogueError(message)
    units = table.get(_UNITS, UNITS[SERVICES])
    known = isinstance(units, list | tuple) and all(unit in UNITS[SERVICES] for unit in units)
    if not units or not known:
        message = f"{path}: {_UNITS} has to list some of {', '.join(UNITS[SERVICES])}."
        raise CatalogueError(message)
    return table


def read_patch(path: Path) -> tuple[Edit, ...]:
    """Read a patch file. Raises CatalogueError where it is missing or no patch."""
    shown = str(path.relative_to(EXPERIMENTS) if path.is_relative_to(EXPERIMENTS) else path)
    try:
        return parse(path.read_bytes().decode(), shown)
    except FileNotFoundError as error:
        message = f"{path} is missing: a change has a patch for each architecture."
        raise CatalogueError(message) from error
    except (EditError, UnicodeDecodeError) as error:
        raise CatalogueError(str(error)) from error
