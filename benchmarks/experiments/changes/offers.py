"""What a change to the contract is, as the contract experiment offers it to both architectures."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from benchmarks.experiments.changes.editing import Change, Edit
from benchmarks.experiments.runner.arms import MONOLITH, SERVICES

PAGE = "the page"


class Kind(StrEnum):
    """What a change does to those who use what it changes."""

    COMPATIBLE = "compatible"  # all that anybody uses stays
    BREAKING = "breaking"  # somebody who runs now asks for, or reads, what is gone


@dataclass(frozen=True, slots=True)
class Offer:
    """A change to the contract. `seen_by` is whose consumer a break would meet."""

    change: Change
    kind: Kind
    seen_by: str


def offer(
    kind: Kind,
    name: str,
    says: str,
    *,
    unit: str,
    seen_by: str,
    both: Iterable[Edit] = (),
    service: Iterable[Edit] = (),
    monolith: Iterable[Edit] = (),
) -> Offer:
    """Offer a change of one service, and of the monolith.

    The edits name their files within the unit's folder: those that are the same in both, those of
    the service alone, and those of the monolith alone.
    """
    both = tuple(both)
    edits = {
        MONOLITH: _within(MONOLITH, (*both, *monolith)),
        SERVICES: _within(f"{SERVICES}/{unit}", (*both, *service)),
    }
    units = {MONOLITH: (MONOLITH,), SERVICES: (unit,)}
    return Offer(Change(name, says, edits, units), kind, seen_by)


def added(file: str, after: str, text: str) -> Edit:
    """A text that comes right after another."""
    return Edit(file, after, after + text)


def _within(folder: str, edits: Iterable[Edit]) -> tuple[Edit, ...]:
    return tuple(replace(edit, file=f"{folder}/{edit.file}") for edit in edits)
