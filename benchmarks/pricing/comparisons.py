"""Compare deployments: where costs cross, which peak makes a function pay, other assumptions."""

import numpy as np

from benchmarks.analysis.intervals import mean_interval
from benchmarks.cost import document as model
from benchmarks.cost.crossings import Crossing, find_crossing
from benchmarks.cost.deployment import Deployment, Platform
from benchmarks.cost.loads import GRID, MANY, RATIO_LOADS
from benchmarks.cost.sizing import Values
from benchmarks.cost.variations import OTHER, OtherAssumptions, pairs
from benchmarks.pricing.blocks import ARMS, Block
from benchmarks.pricing.priced import Priced

MOST_PEAK, HALVINGS = 100.0, 40  # the largest peak-to-mean ratio that is tried


class _Curves:
    """The interpolated costs of deployments over the grid, each computed once for some blocks."""

    def __init__(self, priced: Priced) -> None:
        self._priced = priced.interpolated()
        self._known: dict[tuple[Deployment, tuple[int, ...]], Values] = {}

    def of(self, deployment: Deployment, positions: tuple[int, ...]) -> Values:
        """Return the costs of a deployment from the means of the blocks at these positions."""
        key = (deployment, positions)
        if key not in self._known:
            blocks = [self._priced.blocks[it] for it in positions]
            self._known[key] = self._priced.total(deployment, GRID, blocks)
        return self._known[key]


def crossings(priced: Priced) -> list[model.CrossingEntry]:
    """Return where the order of the costs of each pair of deployments changes."""
    known = _Curves(priced)
    return [
        _entry(first, second, _crossing(known, first, second, len(priced.blocks)))
        for first, second in pairs()
    ]


def _crossing(known: _Curves, first: Deployment, second: Deployment, blocks: int) -> Crossing:
    def curves(positions: tuple[int, ...]) -> tuple[Values, Values]:
        return known.of(first, positions), known.of(second, positions)

    return find_crossing(GRID, curves, blocks)


def _entry(first: Deployment, second: Deployment, crossing: Crossing) -> model.CrossingEntry:
    found, names = crossing.found, (first.name, second.name)

    def cheaper(which: int | None) -> str | None:
        return None if which is None else names[which]

    return model.CrossingEntry(
        first=first.name,
        second=second.name,
        at=found.at,
        low=crossing.at.low,
        high=crossing.at.high,
        share=crossing.at.share,
        changes=found.changes,
        equal_from=found.equal_from,
        equal_low=crossing.equal_from.low,
        equal_high=crossing.equal_from.high,
        cheaper_below=cheaper(found.cheaper_below),
        cheaper_above=cheaper(found.cheaper_above),
    )


def break_evens(priced: Priced) -> list[model.BreakEven]:
    """Return the peaks above which a function is cheaper than workers, at many submissions."""
    found = []
    for side in ARMS:
        for platform in (Platform.LAMBDA_X86, Platform.LAMBDA_ARM):
            single = (break_even_peak(priced, side, platform, [it]) for it in priced.blocks)
            spread = mean_interval([peak for peak in single if peak is not None])
            found.append(
                model.BreakEven(
                    architecture=side,
                    platform=str(platform),
                    per_day=MANY,
                    peak_to_mean=break_even_peak(priced, side, platform, list(priced.blocks)),
                    low=spread.low,
                    high=spread.high,
                )
            )
    return found


def break_even_peak(
    priced: Priced, side: str, platform: Platform, blocks: list[Block]
) -> float | None:
    """Return the ratio of peak to mean at which a function costs what workers on Fargate cost.

    A higher peak makes the workers dearer and the function not. None where that ratio isn't
    between 1 and `MOST_PEAK`.
    """
    load = np.array([MANY])

    def saved(peak: float) -> float:
        changed = priced.interpolated().assuming(peak_to_mean=peak)
        worker = changed.total(Deployment(side, Platform.FARGATE), load, blocks)
        return float((worker - changed.total(Deployment(side, platform), load, blocks))[0])

    low, high = 1.0, MOST_PEAK
    if saved(low) >= 0 or saved(high) <= 0:
        return None
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if saved(middle) < 0 else (low, middle)
    return (low + high) / 2


def variations(priced: Priced) -> list[model.Variation]:
    """Return what each set of other assumptions gives."""
    return [_variation(priced, other) for other in OTHER]


def _variation(priced: Priced, other: OtherAssumptions) -> model.Variation:
    changed = priced.assuming(**other.changed)
    ratios = {}
    for first, second in pairs():
        ratio = changed.total(first, RATIO_LOADS) / changed.total(second, RATIO_LOADS)
        ratios[f"{first.name} ÷ {second.name}"] = ratio.tolist()
    return model.Variation(
        name=other.name,
        description=other.description,
        changed=dict(other.changed),
        crossings=crossings(changed),
        ratios=ratios,
    )
