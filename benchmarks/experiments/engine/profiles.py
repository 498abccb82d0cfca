"""How much a run measures: the profiles."""

from dataclasses import dataclass

from benchmarks.experiments.engine.conformance import EVERYTHING
from benchmarks.experiments.engine.errors import UsageError
from benchmarks.workload.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Profile:
    """One size of run. `conformance` is everything, or the expression that selects its cases."""

    name: str
    blocks: int
    schedule: Schedule
    takes: str
    conformance: str = EVERYTHING


# Enough of the suite to know a target that is badly broken; `make test` runs the whole of it.
A_PART = "test_tokens or test_uploads or test_listing or test_ownership"

PROFILES = {
    profile.name: profile
    for profile in (
        Profile("smoke", 1, Schedule((2, 8), 0.5, 3.0, 1.0), "2 minutes", conformance=A_PART),
        Profile("quick", 3, Schedule((1, 2, 4, 8), 1.0, 7.0, 2.0), "7 minutes"),
        Profile("standard", 10, Schedule((1, 2, 4, 8, 16, 32), 2.0, 12.0, 3.0), "40 minutes"),
    )
}


def profile_named(name: str) -> Profile:
    """Find a profile; UsageError names those that there are."""
    if name not in PROFILES:
        raise UsageError(f"There is no profile {name!r}: it is one of {', '.join(PROFILES)}.")
    return PROFILES[name]
