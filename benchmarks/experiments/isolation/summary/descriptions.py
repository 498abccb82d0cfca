"""Suites and sides of faults as they stand in `results.json`."""

import json
from collections.abc import Mapping
from importlib.resources.abc import Traversable

import msgspec

from benchmarks.experiments.isolation.records import BASE, PACKAGES, Record
from benchmarks.experiments.isolation.suite_timings import alone_seconds
from benchmarks.experiments.isolation.suites import SUITES, Suite, Tier
from benchmarks.experiments.isolation.summary.sides import Side, base_records
from benchmarks.experiments.isolation.tier_runs import TierRun
from benchmarks.experiments.runner.arms import MONOLITH
from benchmarks.results_model import isolation as model
from benchmarks.results_model.base import of
from benchmarks.results_model.isolation_faults import (
    CaughtBy,
    Cell,
    CountsByOwner,
    FaultSide,
    SuiteRun,
    TierName,
    Wait,
)

LIMIT_SECONDS = {MONOLITH: 120.0}  # that a whole suite may take, alone
SERVICE_LIMIT_SECONDS = 60.0
_EMPTY = Cell(tests=0, red=0, unable=0)


def describe_suites(results: Traversable) -> list[model.Suite]:
    """Return each suite where nothing is planted: what it needs, what it has, what it takes."""
    records = base_records(results)
    path = results / "raw" / BASE / PACKAGES
    packages = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    alone = msgspec.convert(alone_seconds(results), dict[str, model.TierTimes])
    return [
        model.Suite(
            name=suite.name,
            folder=suite.folder,
            architectures=list(suite.architectures),
            backing=list(suite.backing),
            packages=packages.get(suite.name),
            limit_seconds=LIMIT_SECONDS.get(suite.name, SERVICE_LIMIT_SECONDS),
            tiers=_tiers(suite, records),
            alone=alone.get(suite.name),
        )
        for suite in SUITES
    ]


def _tiers(suite: Suite, records: Mapping[tuple[str, Tier], Record]) -> dict[str, model.TierTimes]:
    known = {tier: records.get((suite.name, tier)) for tier in suite.tiers}
    return {
        str(tier): model.TierTimes(
            tests=len(record.tests),
            red=sum(test.is_red for test in record.tests),
            problem=record.problem,
            seconds=record.seconds,
            cpu_seconds=record.cpu_seconds,
            network_cut=record.network_cut,
        )
        for tier, record in known.items()
        if record is not None
    }


def describe_side(side: Side) -> FaultSide:
    """Return one fault on one side."""
    judged = side.judged
    return FaultSide(
        owners=list(side.document["owners"]),
        files=list(side.document["files"]),
        caught=CaughtBy(judged.caught),
        red=of(CountsByOwner, judged.red),
        unable=of(CountsByOwner, judged.unable),
        blast=judged.blast,
        wait=of(Wait, judged.wait),
        selected=of(Wait, judged.selected) if side.is_selected else None,
        selection_misses=judged.selection_misses,
        backing=sorted({name for run in side.runs for name in run.suite.backing}),
        cells=_cells(side.runs),
        suites=[_suite_run(run) for run in side.runs],
    )


def _suite_run(run: TierRun) -> SuiteRun:
    record = run.record
    return SuiteRun(
        suite=run.suite.name,
        tier=TierName(run.tier),
        tests=len(record.tests),
        red=len(run.red),
        unable=len(run.unable),
        problem=record.problem,
        seconds=record.seconds,
        cpu_seconds=record.cpu_seconds,
        first_red=next((test.name for test in run.red), ""),
    )


def _cells(runs: tuple[TierRun, ...]) -> dict[str, Cell]:
    """Return tests by their owner: how many were run, how many of them are red, or unable."""
    cells: dict[str, Cell] = {}
    for run in runs:
        names = {test.name for test in (*run.record.tests, *run.unable) if test.name[-2:] != "::"}
        for name in sorted(names):  # whose order is that of the results
            _add(cells, run.suite.owner_of(name), tests=1)
        for test in run.red:
            _add(cells, run.suite.owner_of(test.name), red=1)
        for test in run.unable:
            _add(cells, run.suite.owner_of(test.name), unable=1)
        if run.is_red and run.tier is Tier.END_TO_END and not names:
            cells.setdefault(run.suite.name, Cell(tests=0, red=0, unable=1))
    return cells


def _add(
    cells: dict[str, Cell], owner: str, *, tests: int = 0, red: int = 0, unable: int = 0
) -> None:
    cell = cells.get(owner, _EMPTY)
    cells[owner] = Cell(tests=cell.tests + tests, red=cell.red + red, unable=cell.unable + unable)
