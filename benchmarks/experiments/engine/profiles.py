"""How much a run measures: the profiles."""

from dataclasses import dataclass

from benchmarks.experiments.engine.conformance import EVERYTHING
from benchmarks.experiments.engine.errors import UsageError


@dataclass(frozen=True, slots=True)
class Profile:
    """One size of run. `conformance` is everything, or the expression that selects its cases."""

    name: str
    takes: str
    says: str
    conformance: str = EVERYTHING


# Enough of the suite to know a target that is badly broken; `make test` runs the whole of it.
A_PART = "test_tokens or test_uploads or test_listing or test_ownership"

PROFILES = {
    profile.name: profile
    for profile in (
        Profile("smoke", "6 minutes", "most sweeps once, nothing to conclude", A_PART),
        Profile("quick", "8 minutes", "the headline ratios"),
        Profile("standard", "an hour and a half", "every sweep, with intervals"),
        Profile("full", "11 hours", "every sweep, overnight, with narrow intervals"),
    )
}


def profile_named(name: str) -> Profile:
    """Find a profile; UsageError names those that there are."""
    if name not in PROFILES:
        raise UsageError(f"There is no profile {name!r}: it is one of {', '.join(PROFILES)}.")
    return PROFILES[name]
