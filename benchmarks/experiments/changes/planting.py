"""How a fault of the catalogue is put together: where its part lies on either side."""

from collections.abc import Iterable
from dataclasses import replace

from benchmarks.experiments.changes.editing import Change, Edit
from benchmarks.experiments.changes.faulting import (
    ACCOUNTS,
    CONTRACTS,
    IMAGING,
    NULL,
    RECOGNITION,
    SUBMISSIONS,
    Fault,
)
from benchmarks.experiments.runner.arms import MONOLITH, SERVICES

# The folder that a part's edits name their files in: the monolith's, the services'.
ROOTS = {
    ACCOUNTS: (MONOLITH, f"{SERVICES}/accounts"),
    SUBMISSIONS: (MONOLITH, f"{SERVICES}/submissions"),
    RECOGNITION: (MONOLITH, f"{SERVICES}/recognition"),
    IMAGING: ("shared/imaging", "shared/imaging"),
    CONTRACTS: (".", "."),
}
# Whose release a part goes out with, among the services.
RELEASED_WITH = {
    ACCOUNTS: ("accounts",),
    SUBMISSIONS: ("submissions",),
    RECOGNITION: ("recognition",),
    IMAGING: ("submissions", "recognition"),
    CONTRACTS: ("accounts", "submissions", "recognition"),
}


def fault(
    part: str,
    name: str,
    kind: str,
    says: str,
    simulates: str,
    *,
    both: Iterable[Edit] = (),
    service: Iterable[Edit] = (),
    monolith: Iterable[Edit] = (),
) -> Fault:
    """Plant a mistake in one part, on both sides; its name gets the part's in front.

    The edits are those that are the same on both sides, those among the services alone, and those
    of the monolith alone.
    """
    both = tuple(both)
    roots = ROOTS[part]
    edits = {
        MONOLITH: _within(roots[0], (*both, *monolith)),
        SERVICES: _within(roots[1], (*both, *service)),
    }
    units = {MONOLITH: (MONOLITH,), SERVICES: RELEASED_WITH[part]}
    return Fault(Change(f"{part}-{name}", says, edits, units), part, kind, simulates)


def null(part: str, file: str, comment: str, worded_anew: str) -> Fault:
    """Change a comment of a part: nothing may go red."""
    return fault(
        part,
        "null",
        NULL,
        "A comment is worded anew.",
        "No mistake: what goes red at this one goes red by itself.",
        both=[Edit(file, comment, worded_anew)],
    )


def _within(folder: str, edits: Iterable[Edit]) -> tuple[Edit, ...]:
    if folder == ".":
        return tuple(edits)
    return tuple(replace(edit, file=f"{folder}/{edit.file}") for edit in edits)
