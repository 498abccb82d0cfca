"""Load sweeps: curves over users, latency over rates of arrivals, and the fitted law."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from benchmarks.report.figures import canvas
from benchmarks.report.figures.curves import DASHED, DOTTED, SOLID, Line, Points, curves
from benchmarks.report.sections.processes import processes
from benchmarks.report.styles import Style, styles_of

Arm = Mapping[str, Any]
Level = Mapping[str, Any]
Value = Callable[[Level], float | None]
PERCENTILES = {"p50": SOLID, "p95": DASHED, "p99": DOTTED}


def section(sweep: Mapping[str, Any], _experiment: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of the template, with all of its drawings."""
    arms, by_arm = sweep["arms"], styles_of(sweep["arms"])
    name = sweep["name"]
    drawings: dict[str, str] = {}
    if any(level["users"] for arm in arms for level in arm["levels"]):
        drawings |= _closed(name, arms, by_arm)
    if any(level["rate"] for arm in arms for level in arm["levels"]):
        drawings |= _opened(name, arms, by_arm)
    if any(usl["fit"] for usl in sweep["usl"]):
        drawings["usl"] = _law(name, sweep["usl"], by_arm)
    return {
        "styles": by_arm,
        "drawings": {key: Markup(drawn) for key, drawn in drawings.items()},  # noqa: S704
        **processes(sweep),
    }


def _closed(name: str, arms: Sequence[Arm], by_arm: Mapping[str, Style]) -> dict[str, str]:
    drawings = {
        "throughput": curves(
            _lines(arms, by_arm, "users", _mean("throughput"), spread="throughput"),
            name=f"{name}-throughput",
            title="Throughput by users",
            x="users",
            y="ready submissions per second",
        )
    }
    costs = _lines(
        arms, by_arm, "users", _mean("cpu_ms_per_submission"), spread="cpu_ms_per_submission"
    )
    if any(line.points for line in costs):
        drawings["cost"] = curves(
            costs,
            name=f"{name}-cost",
            title="CPU time per submission by users",
            x="users",
            y="CPU-ms per completed submission",
        )
    for key, field, title, y in (
        ("ready", "ready_ms", "Submit to ready by users", "submit to ready, ms"),
        ("submit", "submit_ms", "The submit call by users", "submit call, ms"),
    ):
        drawings[key] = curves(
            _percentiles(arms, by_arm, "users", field, ("p50", "p95")),
            name=f"{name}-{key}",
            title=title,
            x="users",
            y=y,
            logarithmic=True,
        )
    return drawings


def _opened(name: str, arms: Sequence[Arm], by_arm: Mapping[str, Style]) -> dict[str, str]:
    drawings = {
        "open_achieved": curves(
            _lines(arms, by_arm, "rate", _mean("throughput"), spread="throughput"),
            name=f"{name}-open-achieved",
            title="What became ready by rate of arrivals",
            x="arrivals per second",
            y="ready per second",
            size=canvas.THIRD,
            doubling=False,
            diagonal=True,
        )
    }
    for key, field, title, y in (
        ("open_ready", "ready_ms", "Submit to ready by rate of arrivals", "submit to ready, ms"),
        ("open_read", "read_ms", "Reading a result by rate of arrivals", "reading, ms"),
    ):
        lines = _percentiles(arms, by_arm, "rate", field, ("p50", "p95", "p99"))
        if any(line.points for line in lines):
            drawings[key] = curves(
                lines,
                name=f"{name}-{key.replace('_', '-')}",
                title=title,
                x="arrivals per second",
                y=y,
                size=canvas.THIRD,
                logarithmic=True,
                doubling=False,
            )
    return drawings


def _law(name: str, laws: Sequence[Mapping[str, Any]], by_arm: Mapping[str, Style]) -> str:
    lines = []
    for law in laws:
        fit, arm = law["fit"], law["arm"]
        if fit is None:
            continue
        levels = fit["levels"]
        measured = [(level["users"], level["completed"] / level["seconds"]) for level in levels]
        curve = [(users, throughput) for users, throughput in fit["curve"]]
        lines += [
            Line(f"{arm}, fitted", by_arm[arm], curve, smooth=True),
            Line(f"{arm}, measured", by_arm[arm], measured, joined=False),
        ]
    return curves(
        lines,
        name=f"{name}-law",
        title="The Universal Scalability Law over the measured levels",
        x="users",
        y="ready submissions per second",
    )


def _mean(field: str) -> Value:
    return lambda level: level[field]["mean"]


def _lines(
    arms: Sequence[Arm], by_arm: Mapping[str, Style], x: str, value: Value, *, spread: str
) -> list[Line]:
    """Return one line per arm, with its trials as dots."""
    return [
        Line(
            arm["name"],
            by_arm[arm["name"]],
            _points(arm, x, value),
            dots=[
                (level[x], dot)
                for level in arm["levels"]
                if level[x]
                for dot in level[spread]["trials"]
            ],
        )
        for arm in arms
    ]


def _percentiles(
    arms: Sequence[Arm], by_arm: Mapping[str, Style], x: str, field: str, which: Sequence[str]
) -> list[Line]:
    return [
        Line(
            f"{arm['name']} {percentile}",
            by_arm[arm["name"]],
            _points(arm, x, _percentile(field, percentile)),
            dashes=PERCENTILES[percentile],
            hollow=percentile != which[0],
        )
        for arm in arms
        for percentile in which
    ]


def _percentile(field: str, percentile: str) -> Value:
    return lambda level: level[field][percentile]


def _points(arm: Arm, x: str, value: Value) -> Points:
    pairs = [(level[x], value(level)) for level in arm["levels"] if level[x]]
    return sorted((at, found) for at, found in pairs if found is not None)
