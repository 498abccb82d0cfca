"""What a fault is, as the isolation experiment plants it on both sides."""

from dataclasses import dataclass

from benchmarks.experiments.changes.editing import Change

ACCOUNTS, SUBMISSIONS, RECOGNITION = "accounts", "submissions", "recognition"
IMAGING, CONTRACTS = "imaging", "contracts"
PARTS = (ACCOUNTS, SUBMISSIONS, RECOGNITION, IMAGING, CONTRACTS)
NULL = "null"  # the kind of a change that is no fault: only a comment


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake that somebody makes in one part, in the monolith and in the services.

    `kind` is a slug of what goes wrong ("off-by-one", "field-renamed"), the same on both sides.
    `simulates` says in a sentence whose mistake it stands for, and where the equal one lies.
    """

    change: Change
    part: str
    kind: str
    simulates: str

    @property
    def name(self) -> str:
        """The fault's name, which is its change's."""
        return self.change.name
