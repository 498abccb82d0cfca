"""Each side over the least that its work takes: ratios in each block, or in each round of one."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.analysis.ratios import ratio_interval
from benchmarks.experiments.runner.arms import MONOLITH, SERVICES
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.scaling.overhead import parts
from benchmarks.experiments.scaling.summary.overhead_values import (
    Key,
    Parts,
    Value,
    cost,
    measured,
    median_of,
    rate,
    rounds_of,
)
from benchmarks.results_model.base import of
from benchmarks.results_model.figures import Ratio
from benchmarks.results_model.overhead import (
    FigureName,
    FigureUnit,
    Goal,
    MinimalEndpoint,
    Overhead,
    OverheadFigure,
    Per,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure before it is measured; `goals` are by side."""

    name: FigureName
    unit: FigureUnit
    value: Value
    reference: Value
    goal: float | None = None
    is_most: bool = True
    sides: tuple[str, ...] = (MONOLITH, SERVICES)  # that have the goal


_FLOOR_MS = median_of(parts.FLOOR_UPLOAD, "each_ms")
_MINIMAL = cost(parts.MINIMAL)
FIGURES = (
    Figure(
        "upload-cpu",
        "CPU-ms",
        cost(parts.UPLOAD),
        cost(parts.FLOOR_UPLOAD),
        1.25,
        sides=(MONOLITH,),
    ),
    Figure("url-cpu", "CPU-ms", cost(parts.BY_URL), cost(parts.FLOOR_URL), 1.15, sides=(MONOLITH,)),
    Figure("throughput", "1/s", rate(parts.UPLOAD), rate(parts.FLOOR_UPLOAD), 0.8, is_most=False),
    Figure("ready", "ms", median_of(parts.AT_REST, "ready_ms"), _FLOOR_MS, 1.05),
    Figure("client", "ms", median_of(parts.AT_REST, "client_ms"), _FLOOR_MS, 1.2),
    Figure("read", "CPU-ms", cost(parts.READ), _MINIMAL, 4.0),
    Figure("result", "CPU-ms", cost(parts.RESULT), _MINIMAL, 5.0),
    Figure("image", "CPU-ms", cost(parts.IMAGE), _MINIMAL, 5.0),
    Figure("submit", "CPU-ms", cost(parts.SUBMIT), _MINIMAL, 8.0),
    Figure("submit-over-insert", "CPU-ms", cost(parts.SUBMIT), cost(parts.INSERT)),
)
SERVICES_GOAL = 1.08  # of their CPU time for an upload over the monolith's
ENDPOINTS = {
    parts.MINIMAL: "JsonResponse, by the web process's interface (ASGI)",
    parts.MINIMAL_WSGI: "JsonResponse, by WSGI",
    parts.INSERT: "insert one row and publish one message, by WSGI",
}


def overhead(trials: Mapping[str, Sequence[Trial]]) -> Overhead:
    """Return each side's figures; `trials` are the counted ones by side."""
    per: Per = "block" if all(len(it) > 1 for it in trials.values()) else "round"
    found = {arm: measured(it, by_round=per == "round") for arm, it in trials.items()}
    figures = [_figure(figure, arm, found[arm], per) for figure in FIGURES for arm in found]
    return Overhead(
        per=per,
        rounds=max((rounds_of(it) for each in trials.values() for it in each), default=0),
        figures=[*figures, _services_over_monolith(found, per)],
        minimal=[
            MinimalEndpoint(name=name, cpu_ms=_middle(_values(cost(part), found)))
            for part, name in ENDPOINTS.items()
        ],
    )


def _figure(figure: Figure, arm: str, found: Mapping[Key, Parts], per: Per) -> OverheadFigure:
    pairs = [
        (value, reference)
        for it in found.values()
        if (value := figure.value(it)) and (reference := figure.reference(it))
    ]
    has_goal = figure.goal is not None and arm in figure.sides
    goal = Goal(limit=figure.goal or 0.0, is_most=figure.is_most) if has_goal else None
    return _made(figure.name, arm, figure.unit, pairs, goal, per)


def _services_over_monolith(found: Mapping[str, Mapping[Key, Parts]], per: Per) -> OverheadFigure:
    upload = cost(parts.UPLOAD)
    pairs = [
        (value, reference)
        for key, it in found[SERVICES].items()
        if (value := upload(it)) and (reference := upload(found[MONOLITH].get(key, {})))
    ]
    goal = Goal(limit=SERVICES_GOAL, is_most=True)
    return _made("services-cpu", SERVICES, "CPU-ms", pairs, goal, per)


def _made(  # noqa: PLR0917 - a figure's parts
    name: FigureName,
    arm: str,
    unit: FigureUnit,
    pairs: Sequence[tuple[float, float]],
    goal: Goal | None,
    per: Per,
) -> OverheadFigure:
    return of(
        OverheadFigure,
        {
            "name": name,
            "arm": arm,
            "unit": unit,
            "value": _middle([value for value, _ in pairs]),
            "reference": _middle([reference for _, reference in pairs]),
            "ratio": of(Ratio, ratio_interval(pairs, per=per)),
            "goal": goal,
        },
    )


def _values(value: Value, found: Mapping[str, Mapping[Key, Parts]]) -> list[float]:
    every = (value(it) for by_key in found.values() for it in by_key.values())
    return [it for it in every if it]


def _middle(values: Sequence[float]) -> float | None:
    """Return the geometric mean."""
    return math.exp(sum(map(math.log, values)) / len(values)) if values else None
