"""Whole quick runs that are simulated from a long series of one architecture's trials.

A simulated run draws blocks of the series at random, and in each block two equal trials in random
order take the places of the two architectures. The experiment's own summary then judges all of its
claims, as it does for a measured run. Since nothing differs, a claim that is supported or not
supported is a false alarm.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from benchmarks.analysis.verdicts import Verdict
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.results_model.claims import JudgedClaim

PAGES = 100
ALARM_LIMIT = 0.05  # of the pages of one experiment
DECIDED = frozenset({Verdict.SUPPORTED, Verdict.NOT_SUPPORTED})

Judge = Callable[[Sequence[Trial]], Sequence[JudgedClaim]]


@dataclass(frozen=True, slots=True)
class Places:
    """The places that trials of a series take: the arms of a sweep that an experiment compares."""

    sweep: str
    first: str
    second: str


Page = Mapping[str, Verdict | None]  # the verdict on each claim; None for one that restates


def simulated_pages(
    trials: Sequence[Trial],
    judge: Judge,
    places: Places,
    *,
    draw: Sequence[tuple[str, str]],
    blocks: int,
    seed: int,
    pages: int = PAGES,
) -> list[Page]:
    """Simulate runs of so many blocks. Trials of other sweeps, as the floor's, are in each.

    `draw` lists pairs of the series' arms: each block takes one at random, its first arm in the
    first place. Raises ValueError with fewer whole blocks than a run has.
    """
    order = random.Random(seed)
    rest = [trial for trial in trials if trial.sweep != places.sweep]
    by_block: dict[int, dict[str, Trial]] = {}
    for trial in trials:
        if trial.sweep == places.sweep and trial.counted:
            by_block.setdefault(trial.block, {})[trial.arm] = trial
    needed = {arm for pair in draw for arm in pair}
    whole = [number for number, arms in sorted(by_block.items()) if needed <= arms.keys()]
    if len(whole) < blocks:
        raise ValueError(f"only {len(whole)} whole blocks for runs of {blocks}")
    found: list[Page] = []
    for _ in range(pages):
        taken: list[Trial] = []
        for number, block in enumerate(order.sample(whole, k=blocks), 1):
            pair = order.choice(draw)
            for name, arm in zip((places.first, places.second), pair, strict=True):
                taken.append(_placed(by_block[block][arm], name, number))
        found.append({claim.name: claim.verdict for claim in judge([*rest, *taken])})
    return found


def _placed(trial: Trial, arm: str, block: int) -> Trial:
    return replace(trial, document={**trial.document, "arm": arm, "block": block})


def alarms(pages: Sequence[Page]) -> int:
    """Return on how many pages any claim is supported or not supported."""
    return sum(bool(DECIDED & {*page.values()}) for page in pages)


def together(experiments: Sequence[Sequence[Page]]) -> int:
    """Return on how many whole pages, one of each experiment, there is any false alarm."""
    return sum(
        any(DECIDED & {*page.values()} for page in pages)
        for pages in zip(*experiments, strict=True)
    )


def supported(pages: Sequence[Page], claim: str) -> int:
    """Return on how many pages a claim is supported."""
    return sum(page[claim] is Verdict.SUPPORTED for page in pages)
