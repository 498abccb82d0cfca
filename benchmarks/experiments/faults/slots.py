"""A fault's window: its moments, and the phase in which an outcome lies."""

from dataclasses import dataclass
from enum import StrEnum

from benchmarks.experiments.faults.features import Outcome


class Phase(StrEnum):
    """Where an outcome lies."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Slot:
    """One fault's moments: the start of its calm seconds, of the failure, its end, the window's."""

    start: float
    began: float
    ended: float
    end: float

    def phase(self, outcome: Outcome) -> Phase:
        """Return the phase of an outcome. What was under way when the failure began is in it."""
        if outcome.intended_at >= self.ended:
            return Phase.AFTER
        if outcome.intended_at >= self.began or outcome.ended_at >= self.began:
            return Phase.DURING
        return Phase.BEFORE
