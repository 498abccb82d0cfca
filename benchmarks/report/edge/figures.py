"""The drawings of the edge experiment: the CPU time of a visit by group of processes."""

from collections.abc import Sequence
from typing import Literal

from benchmarks.report.figures.stacked_bars import stacked
from benchmarks.results_model.arms import ProcessCpu
from benchmarks.results_model.edge import EdgeSweep, VisitCpu, Visits

Role = Literal["unit", "edge", "backing"]
ALONE = 1  # connections: what the figures and the claims are about
# (role, kind): the same order and colours in every figure
KINDS: tuple[tuple[Role, str], ...] = (
    ("unit", "application"),
    ("unit", "other processes of the units"),
    ("edge", "edge"),
    ("backing", "backing services"),
)


def visits_of(sweep: EdgeSweep, architecture: str, *kinds: str) -> list[Visits]:
    """Return an architecture's visits of some kinds, over one connection, that were measured."""
    return [
        visits
        for kind in kinds
        for visits in sweep.visits
        if (visits.architecture, visits.kind, visits.connections) == (architecture, kind, ALONE)
        and visits.cpu_ms is not None
    ]


def cpu_bars(visits: Sequence[Visits], *, name: str, title: str, names_kinds: bool = False) -> str:
    """Draw the CPU-ms of a visit as a bar for each kind and way, as an `<svg>` element."""
    return stacked(
        {f"{it.kind}, {it.way}": _groups(it.cpu_ms) for it in visits if it.cpu_ms is not None},
        KINDS,
        name=name,
        title=title,
        axis="CPU-ms of a visit",
        amount=lambda group: group.cpu_ms,
        names_kinds=names_kinds,
    )


def _groups(cpu: VisitCpu) -> list[ProcessCpu]:
    amounts = (cpu.application, cpu.other_units, cpu.edge, cpu.backing)
    return [
        ProcessCpu(role=role, unit=kind, process=kind, cpu_ms=amount)
        for (role, kind), amount in zip(KINDS, amounts, strict=True)
    ]
