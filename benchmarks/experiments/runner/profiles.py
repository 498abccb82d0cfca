"""How much a run measures: the profiles."""

from dataclasses import dataclass

from benchmarks.experiments.runner.conformance import EVERYTHING
from benchmarks.experiments.runner.errors import UsageError


@dataclass(frozen=True, slots=True)
class Profile:
    """One size of run. `conformance` is everything, or the expression that selects its cases.

    `replaces_lost` is whether lost blocks are made up for by further ones (`extra_blocks`).
    """

    name: str
    description: str
    conformance: str = EVERYTHING
    replaces_lost: bool = False


# Enough of the suite to know a target that is badly broken; `make test` runs the whole of it.
A_PART = "test_tokens or test_uploads or test_listing or test_ownership"

PROFILES = {
    profile.name: profile
    for profile in (
        Profile("smoke", "most sweeps once, nothing to conclude", A_PART),
        Profile("quick", "the headline ratios", replaces_lost=True),
        Profile("standard", "every sweep, with intervals", replaces_lost=True),
        Profile("full", "every sweep, overnight, with narrow intervals", replaces_lost=True),
    )
}


def profile_named(name: str) -> Profile:
    """Find a profile by its name; UsageError names those that there are."""
    if name not in PROFILES:
        raise UsageError(f"There is no profile {name!r}: it is one of {', '.join(PROFILES)}.")
    return PROFILES[name]
