"""The plan of a run: which faults are planted, in which order."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.experiments.catalogue.faults import NULL, Fault
from benchmarks.experiments.isolation.suites import Tier
from benchmarks.experiments.runner.errors import UsageError

SMOKE_FAULTS = 2
QUICK_FAULTS = 6
DRAWN_FAULTS = {"quick": QUICK_FAULTS, "standard": 22}
# About, on two cores: the committed full run took 27 minutes. Only the time left that is shown
# depends on them.
PLANNED_SECONDS = {"smoke": 120.0, "quick": 200.0, "standard": 720.0, "full": 1700.0}


@dataclass(frozen=True, slots=True)
class Plan:
    """The faults of a run, in their order; `seed` drew them."""

    profile: str
    seed: int
    faults: tuple[Fault, ...]

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """What is run with nothing planted, whatever the faults; the rest once one needs it."""
        return (Tier.SLOW, Tier.FAST) if self.profile == "full" else (Tier.FAST,)

    @property
    def selects(self) -> bool:
        """Whether pytest-testmon records what each test runs, to select tests by it.

        That doubles the time of the suites with nothing planted.
        """
        return self.profile in {"standard", "full"}

    @property
    def names(self) -> list[str]:
        """The faults' names, in order."""
        return [fault.name for fault in self.faults]


def named(names: str, catalogue: Sequence[Fault]) -> tuple[Fault, ...]:
    """Find faults by their names, with commas between; UsageError names one that there isn't."""
    known = {fault.name: fault for fault in catalogue}
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in known]
    if unknown or not wanted:
        refusal = f"There is no fault {unknown[0]!r}" if unknown else "No fault was named"
        raise UsageError(f"{refusal}: there is {', '.join(known)}.")
    return tuple(known[name] for name in dict.fromkeys(wanted))


def drawn(profile: str, seed: int, catalogue: Sequence[Fault]) -> Plan:
    """Draw a profile's faults in random order: all; or some of each component's; or two of all.

    Of the changes that are no fault, a full run has all, a quick one none, and any other has one.
    """
    dice = random.Random(seed)
    faults = [fault for fault in catalogue if fault.kind != NULL]
    nulls = [fault for fault in catalogue if fault.kind == NULL]
    if profile == "smoke":
        faults = dice.sample(faults, SMOKE_FAULTS)
    elif profile in DRAWN_FAULTS:
        faults = some_of_each_component(faults, DRAWN_FAULTS[profile], dice)
    if profile != "full":
        nulls = dice.sample(nulls, 0 if profile == "quick" else 1)
    found = [*faults, *nulls]
    dice.shuffle(found)
    return Plan(profile, seed, tuple(found))


def some_of_each_component(
    faults: Sequence[Fault], amount: int, dice: random.Random
) -> list[Fault]:
    """Draw so many of the faults: of each component in proportion to how many faults it has.

    Which components get the rest is drawn as well.
    """
    groups: dict[str, list[Fault]] = {}
    for fault in faults:
        groups.setdefault(fault.component, []).append(fault)
    exact = {name: amount * len(group) / len(faults) for name, group in groups.items()}
    shares = {name: math.floor(share) for name, share in exact.items()}
    rest = sorted(exact, key=lambda name: (shares[name] - exact[name], dice.random()))
    for name in rest[: amount - sum(shares.values())]:
        shares[name] += 1
    return [fault for name, group in groups.items() for fault in dice.sample(group, shares[name])]


def in_turn(plan: Plan, *, apart: int) -> list[tuple[Fault, str]]:
    """List each fault with each of its sides; the second side is `apart` faults behind the first.

    Both sides share suites. Side by side, the one would only wait for what the other is running.
    Which side is the first of a fault, the plan's seed draws.
    """
    dice = random.Random(plan.seed)
    placed = []
    for place, fault in enumerate(plan.faults):
        sides = list(fault.change.edits)
        dice.shuffle(sides)
        placed += [(place + apart * number, fault, side) for number, side in enumerate(sides)]
    placed.sort(key=lambda turn: turn[0])  # which leaves those of one place in their order
    return [(fault, side) for _, fault, side in placed]
