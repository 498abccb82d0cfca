"""The summary of a run in the terminal: tables, verdicts, void trials and warnings."""

from collections.abc import Callable, Iterator
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.report import autoscaling_lines, claim_texts, formats, offload_lines, warnings
from benchmarks.report.figures.work_ratio import inverse
from benchmarks.report.sections.replicas import busiest, groups, loaded_bytes
from benchmarks.results_model.arms import Arm, Level
from benchmarks.results_model.claims import JudgedClaim
from benchmarks.results_model.document import ResultsDocument
from benchmarks.results_model.experiments import TrialResults
from benchmarks.results_model.figures import Ratio
from benchmarks.results_model.scaling import Estimate
from benchmarks.results_model.sweeps import (
    AnySweep,
    ElasticitySweep,
    LoadSweep,
    ReleasesSweep,
    ReplicasSweep,
    WorkSweep,
)

PLAIN: dict[str, Any] = {"highlight": False, "markup": False, "soft_wrap": True}
VOID_SHOWN = 10


def show(document: ResultsDocument, experiment: TrialResults, console: Console) -> None:
    """Print the summary of a document of an experiment with trials."""
    for sweep in experiment.sweeps:
        if isinstance(sweep, LoadSweep):
            console.print(_table(sweep))
    for sweep in experiment.sweeps:
        for line in (*_lines(sweep), *offload_lines.lines(sweep), *autoscaling_lines.lines(sweep)):
            console.print(line, **PLAIN)
    for line in _floor(experiment):
        console.print(line, **PLAIN)
    for claim in experiment.claims:
        show_claim(claim, console)
    void = [trial for trial in experiment.trials if trial.void]
    for trial in void[:VOID_SHOWN]:
        console.print(f"Void: {trial.name}: {'; '.join(trial.void)}", **PLAIN)
    if len(void) > VOID_SHOWN:
        console.print(f"Void: {len(void) - VOID_SHOWN} more, in the report", **PLAIN)
    for warning in warnings.warnings(document, experiment):
        console.print(f"Warning: {warning}", **PLAIN)


def show_claim(claim: JudgedClaim, console: Console) -> None:
    """Print one claim with its verdict, its value, both sides and the reason for the verdict."""
    interval = "" if claim.low is None else f" [{claim_texts.interval(claim, claim)}]"
    console.print(claim.statement, style="dim", **PLAIN)
    console.print(
        f"  {claim_texts.verdict(claim)}: {claim_texts.of(claim)} = "
        f"{claim_texts.compared(claim.value, claim)}{interval}; {claim_texts.sides(claim)}; "
        f"{claim.method}",
        **PLAIN,
    )
    console.print(f"  {claim.reason}", style="dim", **PLAIN)


def _table(sweep: LoadSweep) -> Table:
    arms = sweep.arms
    table = Table(title=sweep.title, title_justify="left")
    table.add_column("")
    for arm in arms:
        table.add_column(arm.name, justify="right")
    rows: dict[str, Callable[[Arm], str]] = {
        "trials that count": lambda arm: str(arm.counted_trials),
        "CPU-ms per submission": lambda arm: formats.number(arm.cpu_ms_per_submission, 1),
        "capacity, submissions/s": lambda arm: formats.number(arm.capacity, 2),
        "errors": lambda arm: str(sum(level.errors for level in arm.levels)),
        "memory under load, MiB": lambda arm: formats.mib(loaded_bytes(arm)),
    }
    for name, value in rows.items():
        table.add_row(name, *map(value, arms))
    labels = {level.step: level.label for arm in arms for level in arm.levels}
    for step, label in sorted(labels.items()):
        cells = []
        for arm in arms:
            found = [level for level in arm.levels if level.step == step]
            cells.append(_level(found[0]) if found else formats.NONE)
        table.add_row(f"{label}: ready/s, p50, p95 ms", *cells)
    return table


def _level(level: Level) -> str:
    ready = level.ready_ms
    return (
        f"{formats.number(level.throughput.mean, 2)}  "
        f"{formats.ms(ready.p50)}  {formats.ms(ready.p95)}"
    )


def _lines(sweep: AnySweep) -> Iterator[str]:
    """Return the lines about a sweep; none about the floor."""
    match sweep:
        case LoadSweep():
            return _law(sweep)
        case WorkSweep():
            return _work(sweep)
        case ReplicasSweep():
            return _replicas(sweep)
        case ElasticitySweep():
            return _elasticity(sweep)
        case ReleasesSweep():
            return _releases(sweep)
    return iter(())


def _law(sweep: LoadSweep) -> Iterator[str]:
    for law in sweep.usl:
        fit = law.fit
        if fit is not None:
            yield (
                f"{sweep.name}, scalability of {law.arm}: "
                f"sigma {_fitted(fit.sigma)}, kappa {_fitted(fit.kappa)}, "
                f"N* {_fitted(fit.peak_users)}"
            )


def _fitted(estimate: Estimate) -> str:
    return f"{formats.fitted(estimate)} [{formats.bounds(estimate)}]"


def _work(sweep: WorkSweep) -> Iterator[str]:
    for point in sweep.points:
        yield (
            f"{sweep.name}, recognizer of {point.work_cpu_ms:g} CPU-ms: "
            f"CPU, second ÷ first {_ratio(inverse(point.cpu))}; "
            f"throughput, first ÷ second {_ratio(point.throughput)}"
        )


def _ratio(found: Ratio) -> str:
    interval = "" if found.low is None else f" [{formats.interval(found)}]"
    return formats.number(found.ratio, 3) + interval


def _replicas(sweep: ReplicasSweep) -> Iterator[str]:
    for group in groups(sweep):
        levels = [(count, busiest(arm), loaded_bytes(arm)) for count, arm in group.arms]
        figures = ", ".join(
            f"{formats.TIMES}{count} {formats.number(level.throughput.mean, 2)}/s "
            f"{formats.mib(held)} MiB"
            for count, level, held in levels
            if level is not None
        )
        yield f"{sweep.name}, {group.name}: {figures or 'not measured'}"


def _elasticity(sweep: ElasticitySweep) -> Iterator[str]:
    for arm in sweep.recoveries:
        back, ready = arm.since_order_seconds, arm.start_up_seconds
        yield (
            f"{sweep.name}, {arm.arm}: from the order to ready "
            f"{formats.number(ready.mean, 1)} s, until latency was back "
            f"{formats.number(back.mean, 1)} s "
            f"(known in {len(back.trials)} of {formats.count(len(arm.trials), 'trial')})"
        )


def _releases(sweep: ReleasesSweep) -> Iterator[str]:
    for arm in sweep.releases:
        every = [release for trial in arm.trials for release in trial.releases]
        if not every:
            continue
        noticed = [feature for trial in arm.trials for feature in trial.noticed.values()]
        seconds = sum(release.order_seconds for release in every) / len(every)
        yield (
            f"{sweep.name}, {arm.arm}: {formats.count(len(every), 'release')}, "
            f"{formats.number(seconds, 1)} s each, "
            f"{sum(bool(release.refused) for release in every)} undone; of "
            f"{sum(one.requests for one in noticed)} requests "
            f"{sum(one.failed for one in noticed)} failed, "
            f"{sum(one.slowed for one in noticed)} were slow"
        )


def _floor(experiment: TrialResults) -> Iterator[str]:
    if experiment.floor_cpu_ms is None:
        return
    multiples = ", ".join(
        f"{arm.name} {arm.floor_multiple:.2f} times that"
        for sweep in experiment.sweeps
        for arm in sweep.arms
        if arm.floor_multiple is not None and isinstance(sweep, LoadSweep)
    )
    end = f": {multiples}" if multiples else ""
    yield f"The floor takes {formats.number(experiment.floor_cpu_ms, 1)} CPU-ms{end}"
