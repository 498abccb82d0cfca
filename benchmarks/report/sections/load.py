"""Load sweeps: curves over users, latency over rates of arrivals, and the fitted law."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from benchmarks.report.figures import canvas
from benchmarks.report.figures.curves import DASHED, DOTTED, SOLID, Line, Points, curves
from benchmarks.report.sections.processes import processes
from benchmarks.report.styles import Style, styles_of
from benchmarks.results_model.arms import Arm, Level
from benchmarks.results_model.figures import PooledLatency, Spread
from benchmarks.results_model.scaling import ScalabilityLaw
from benchmarks.results_model.sweeps import LoadSweep

Value = Callable[[Level], float | None]
At = Callable[[Level], float]  # where a level lies on the x axis; 0 where it doesn't
FEWEST_USERS, FEWEST_RATES = 3, 2  # levels that make a curve: of users, and of arrivals
PERCENTILES = {"p50": SOLID, "p95": DASHED, "p99": DOTTED}


def _users(level: Level) -> float:
    return level.users


def _rate(level: Level) -> float:
    return level.rate


def _throughput(level: Level) -> Spread:
    return level.throughput


def _cost(level: Level) -> Spread:
    return level.cpu_ms_per_submission


def _submit(level: Level) -> PooledLatency:
    return level.submit_ms


def _ready(level: Level) -> PooledLatency:
    return level.ready_ms


def _read(level: Level) -> PooledLatency:
    return level.read_ms


def section(sweep: LoadSweep) -> dict[str, Any]:
    """Return the values of the template, with all of its drawings."""
    arms, by_arm = sweep.arms, styles_of(sweep.arms)
    name = sweep.name
    users = {level.users for arm in arms for level in arm.levels if level.users}
    rates = {level.step for arm in arms for level in arm.levels if level.rate}
    drawings: dict[str, str] = {}
    if len(users) >= FEWEST_USERS:
        drawings |= _closed(name, arms, by_arm)
    if len(rates) >= FEWEST_RATES:
        drawings |= _opened(name, arms, by_arm)
    if any(usl.fit for usl in sweep.usl):
        drawings["usl"] = _law(name, sweep.usl, by_arm)
    return {
        "styles": by_arm,
        "table": sorted(
            (
                (level, arm.name)
                for arm in arms
                for level in arm.levels
                if _is_few(level, users, rates)
            ),
            key=lambda row: row[0].step,
        ),
        "drawings": {key: Markup(drawn) for key, drawn in drawings.items()},  # noqa: S704
        **processes(sweep),
    }


def _is_few(level: Level, users: Collection[int], rates: Collection[int]) -> bool:
    """Return whether a level is one of so few that a table shows them better than a curve."""
    return len(users) < FEWEST_USERS if level.users else len(rates) < FEWEST_RATES


def _closed(name: str, arms: Sequence[Arm], by_arm: Mapping[str, Style]) -> dict[str, str]:
    drawings = {
        "throughput": curves(
            _lines(arms, by_arm, _users, _throughput),
            name=f"{name}-throughput",
            title="Throughput by users",
            x="users",
            y="ready submissions per second",
        )
    }
    costs = _lines(arms, by_arm, _users, _cost)
    if any(line.points for line in costs):
        drawings["cost"] = curves(
            costs,
            name=f"{name}-cost",
            title="CPU time per submission by users",
            x="users",
            y="CPU-ms per completed submission",
        )
    for key, field, title, y in (
        ("ready", _ready, "Submit to ready by users", "submit to ready, ms"),
        ("submit", _submit, "The submit call by users", "submit call, ms"),
    ):
        drawings[key] = curves(
            _percentiles(arms, by_arm, _users, field, ("p50", "p95")),
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
            _lines(arms, by_arm, _rate, _throughput),
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
        ("open_ready", _ready, "Submit to ready by rate of arrivals", "submit to ready, ms"),
        ("open_read", _read, "Reading a result by rate of arrivals", "reading, ms"),
    ):
        lines = _percentiles(arms, by_arm, _rate, field, ("p50", "p95", "p99"))
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


def _law(name: str, laws: Sequence[ScalabilityLaw], by_arm: Mapping[str, Style]) -> str:
    lines = []
    for law in laws:
        fit, arm = law.fit, law.arm
        if fit is None:
            continue
        levels = fit.levels
        measured = [(float(it.users), it.completed / it.seconds) for it in levels]
        curve = [(users, throughput) for users, throughput in fit.curve]
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


def _lines(
    arms: Sequence[Arm], by_arm: Mapping[str, Style], x: At, spread: Callable[[Level], Spread]
) -> list[Line]:
    """Return one line per arm, with its trials as dots."""
    return [
        Line(
            arm.name,
            by_arm[arm.name],
            _points(arm, x, lambda level: spread(level).mean),
            dots=[
                (x(level), dot) for level in arm.levels if x(level) for dot in spread(level).trials
            ],
        )
        for arm in arms
    ]


def _percentiles(
    arms: Sequence[Arm],
    by_arm: Mapping[str, Style],
    x: At,
    field: Callable[[Level], PooledLatency],
    which: Sequence[str],
) -> list[Line]:
    return [
        Line(
            f"{arm.name} {percentile}",
            by_arm[arm.name],
            _points(arm, x, _percentile(field, percentile)),
            dashes=PERCENTILES[percentile],
            hollow=percentile != which[0],
        )
        for arm in arms
        for percentile in which
    ]


def _percentile(field: Callable[[Level], PooledLatency], percentile: str) -> Value:
    return lambda level: getattr(field(level), percentile)


def _points(arm: Arm, x: At, value: Value) -> Points:
    pairs = [(x(level), value(level)) for level in arm.levels if x(level)]
    return sorted((at, found) for at, found in pairs if found is not None)
