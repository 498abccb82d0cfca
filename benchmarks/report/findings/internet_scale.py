"""The page on loads beyond the measured machine: how good the model is, and what it plans."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from benchmarks.planning.document import (
    ArchitecturePlan,
    PlanDocument,
    ValidatedPoint,
    Validation,
)
from benchmarks.planning.sources import REFERENCE
from benchmarks.report.cost.names import dollars
from benchmarks.report.formats import NONE, capitalized, ms, number, percent
from benchmarks.report.planning import names

NAME = "internet-scale"

MANY = 1e7  # submissions a day, of the summary
BURSTS = "near capacity a percentile depends on single bursts of arrivals, in windows of seconds"
STUB = (
    "the worker's client of the recognition service computes as well, and the profile doesn't know "
    "how much; one user completes few submissions in a window of five seconds"
)
CACHES = (
    "four workers that share one core and its caches need more CPU time for an image each, and the "
    "service times are those of one"
)
LOOP = "the recognizer is a loop of its own"
# What a sweep is, and why the simulation may be wrong there, in the order of the table.
SWEEPS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("example", "load"): ("load, closed and open", BURSTS),
    ("example-quick-2", "load"): ("load, on another machine", BURSTS),
    ("example", "work"): ("recognizers of 0 to 140 CPU-ms", LOOP),
    ("example", "waiting"): ("8 workers that wait 300 ms", STUB),
    ("example", "replicas-waiting"): ("1 to 4 workers that wait", STUB),
    ("example", "replicas-working"): ("1 and 4 workers that compute", CACHES),
}
COLUMNS = 2  # of loads in a table, which a phone shows
KINDS = ("web", "worker", "consumer", "accounts web")
CELLS: tuple[tuple[str, Callable[[ArchitecturePlan], str]], ...] = (
    ("vCPUs of PostgreSQL", lambda plan: small(plan.database_vcpus)),
    ("vCPUs of Valkey", lambda plan: small(plan.cache_vcpus)),
    ("rows written a second", lambda plan: names.amount(plan.rows_written)),
    ("messages a second", lambda plan: names.amount(plan.messages)),
    ("Valkey commands a second", lambda plan: names.amount(plan.broker_commands)),
    ("S3 requests a second", lambda plan: names.amount(plan.store_requests)),
    ("connections", lambda plan: names.amount(plan.connections)),
    ("p95, ms", lambda plan: ms(plan.p95_ms)),
    ("dollars a month", lambda plan: names.amount(plan.dollars_a_month)),
)


@dataclass(frozen=True, slots=True)
class Needs:
    """A table of needs: a column for each load, a cell with the monolith · the services."""

    headings: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class SweepRow:
    """One sweep of a run: its points, and how many of them are within the tolerances."""

    title: str
    reason: str
    points: Sequence[ValidatedPoint]

    @property
    def throughput(self) -> str:
        """Return how many points have a throughput within the tolerance."""
        return f"{sum(it.is_throughput_within for it in self.points)} of {len(self.points)}"

    @property
    def p95(self) -> str:
        """Return how many have a 95th percentile within it."""
        known = [it for it in self.points if it.is_p95_within is not None]
        return f"{sum(bool(it.is_p95_within) for it in known)} of {len(known)}"

    @property
    def failures(self) -> str:
        """Return in words what isn't within the tolerances; empty if all is."""
        kinds = {
            "throughput": sum(not it.is_throughput_within for it in self.points),
            "95th percentile": sum(it.is_p95_within is False for it in self.points),
        }
        return " and ".join(f"the {name} at {count}" for name, count in kinds.items() if count)


def context(document: PlanDocument) -> dict[str, Any]:
    """Return what the template needs."""
    validation = document.validation
    rows = sweep_rows(validation)
    return {
        "document": document,
        "validation": validation,
        "shares": capitalized(names.shares(validation)),
        "rows": rows,
        "failed": [row for row in rows if row.failures],
        "reasons": reasons(rows),
        "outside": outside(validation),
        "repeated": repeated(validation),
        "points": point_rows(validation),
        "sides": names.SIDES,
        "first": {it.architecture: names.first_limit(it) for it in document.plans[0].architectures},
        "most": names.amount(document.plans[-1].per_day),
        "needs": [needs(document, start) for start in range(0, len(document.plans), COLUMNS)],
        "limits": limit_rows(document),
        "moved": [(names.LIMITS[it], names.MOVED_BY[it]) for it in names.LIMITS],
        "reads": [it.read_share for it in document.plans[0].architectures],
        "pooled": [it.database_vcpus for it in document.plans[-1].architectures],
        "parts": parts(document),
        "many": many(document),
        "percent": percent,
        "figure_file": f"images/{NAME}.svg",
    }


def sweep_rows(validation: Validation) -> list[SweepRow]:
    """Return the sweeps in the order of SWEEPS. KeyError for one that has no title there."""
    found: dict[tuple[str, str], list[ValidatedPoint]] = {key: [] for key in SWEEPS}
    for point in validation.points:
        found[point.run, point.sweep].append(point)
    return [SweepRow(*SWEEPS[key], points) for key, points in found.items() if points]


def reasons(rows: Sequence[SweepRow]) -> list[tuple[str, list[str]]]:
    """Return each reason with the sweeps that fail for it, in the order of the table."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.failures:
            known = found.setdefault(row.reason, [])
            known.append(f"“{row.title}”, {row.failures} of {len(row.points)} points")
    return list(found.items())


def outside(validation: Validation) -> str:
    """Return how many percentiles outside the tolerance are within the measured interval."""
    points = [it for it in validation.points if it.is_p95_within is False]
    if not points:
        return ""
    inside = sum(bool(it.is_in_interval) for it in points)
    return (
        f"Percentiles outside the tolerance: {len(points)}; of these, within the 95 % interval of "
        f"the measured trials: {inside}."
    )


def repeated(validation: Validation) -> str:
    """Return how far two runs of one commit differ in their percentiles, and what follows."""
    largest = max(validation.repeated, key=lambda level: abs(level.difference))
    low, high = sorted((largest.first_ms, largest.second_ms))
    tolerance = validation.p95_tolerance
    follows = (
        f": no model can be within {percent(tolerance)} of both"
        if high * (1 - tolerance) > low * (1 + tolerance)
        else ""
    )
    return (
        f"Two runs of one commit differ by {percent(abs(largest.difference))} in the 95th "
        f"percentile of the {names.SIDES[largest.architecture]} at {largest.label} "
        f"({ms(largest.first_ms)} and {ms(largest.second_ms)} ms){follows}."
    )


def point_rows(validation: Validation) -> list[tuple[str, str, str]]:
    """Return a row for each point; the numbers of users of a replica sweep's arm share one."""
    found = []
    for _, group in groupby(validation.points, _row_of):
        points = list(group)
        levels = " and ".join(it.label.removesuffix(" users") for it in points)
        suffix = " users" if len(points) > 1 else points[0].label.removeprefix(levels)
        throughput, p95 = ("; ".join(column) for column in zip(*map(cells, points), strict=True))
        level = f"{levels}{suffix}".replace(" arrivals/s", "/s")
        found.append((f"{place(points[0])}, {level}", throughput, p95))
    return found


def _row_of(point: ValidatedPoint) -> tuple[str, ...]:
    arm = (point.run, point.sweep, point.arm)
    return arm if point.sweep.startswith("replicas") else (*arm, point.label)


def place(point: ValidatedPoint) -> str:
    """Return a point's run or sweep, and its arm."""
    sweep = point.sweep.replace("-", " ") if point.run == REFERENCE else "quick 2"
    return f"{sweep}, {point.arm.replace('microservices', 'services').replace('-', ' ')}"


def cells(point: ValidatedPoint) -> tuple[str, str]:
    """Return measured, simulated, the error, and whether it is within, for both measures."""
    throughput = (
        f"{number(point.throughput)}, {number(point.modelled_throughput)}, "
        f"{names.signed(point.throughput_error)}{mark(point.is_throughput_within)}"
    )
    if point.p95_ms is None or point.p95_error is None:
        return throughput, NONE
    return throughput, (
        f"{number(point.p95_ms, 0)}, {number(point.modelled_p95_ms, 0)}, "
        f"{names.signed(point.p95_error)}{mark(bool(point.is_p95_within))}"
    )


def mark(is_within: bool) -> str:
    """Return what stands beside an error that isn't within the tolerance."""
    return "" if is_within else " **no**"


def needs(document: PlanDocument, start: int) -> Needs:
    """Return a table of what some of the loads need, from this place on."""
    loads = document.plans[start : start + COLUMNS]
    kinds = [(kind, _count_of(kind)) for kind in KINDS]
    return Needs(
        headings=[names.amount(load.per_day) for load in loads],
        rows=[
            (name, [" · ".join(map(cell, load.architectures)) for load in loads])
            for name, cell in (*kinds, *CELLS)
        ],
    )


def small(vcpus: float) -> str:
    """Return vCPUs with two digits behind the point, where there are few."""
    return number(vcpus, 0 if vcpus >= names.TWO_DIGITS else 2)


def _count_of(kind: str) -> Callable[[ArchitecturePlan], str]:
    def cell(plan: ArchitecturePlan) -> str:
        for process in plan.processes:
            name = names.process(process.process)
            if name == kind or ((kind != "web" or "accounts" not in name) and name.endswith(kind)):
                return names.amount(process.replicas)
        return NONE

    return cell


def limit_rows(document: PlanDocument) -> list[tuple[str, list[str]]]:
    """Return each limit with the load at which each side reaches it, the first one first."""
    sides = [
        {limit.name: limit.per_day for limit in plan.limits}
        for plan in document.plans[0].architectures
    ]
    ordered = sorted(names.LIMITS, key=lambda name: min(side[name] for side in sides))
    return [(names.LIMITS[name], [names.amount(side[name]) for side in sides]) for name in ordered]


def parts(document: PlanDocument) -> list[str]:
    """Return in words what the highest load needs several of, by side."""
    found = []
    for plan in document.plans[-1].architectures:
        several = [f"{it.parts} for {names.LIMITS[it.name]}" for it in plan.limits if it.parts > 1]
        listed = ", ".join(several) or "no parts"
        found.append(f"the {names.SIDES[plan.architecture]} {listed}")
    return found


def many(document: PlanDocument) -> dict[str, Any]:
    """Return the plans of the summary's load, and their arithmetic by hand."""
    (load,) = (it for it in document.plans if it.per_day == MANY)
    return {
        "load": load,
        "mean": number(load.per_day / 86_400, 2),
        "peak": number(load.peak_per_second, 1),
        "hands": [
            (
                names.SIDES[it.architecture],
                names.hand(it.hand_check),
                percent(document.validation.stated_error[it.architecture], 1),
                abs(it.hand_check.difference) <= document.validation.stated_error[it.architecture],
            )
            for it in load.architectures
        ],
        "sums": [
            f"the {names.SIDES[it.architecture]} {_count_of('worker')(it)} workers and "
            f"{_count_of('web')(it)} web processes, for {dollars(it.dollars_a_month)} a month"
            for it in load.architectures
        ],
    }
