"""The experiment's figures, from its raw trials: `experiments.edge` of `results.json`."""

from collections.abc import Iterable, Iterator, Sequence
from statistics import fmean

from benchmarks.analysis.percentiles import latency
from benchmarks.experiments.edge import TITLE, WAYS
from benchmarks.experiments.edge.summary.measures import measured_claims
from benchmarks.experiments.edge.summary.windows import Key, VisitWindow, windows_of
from benchmarks.experiments.edge.sweeps import CODINGS, KINDS
from benchmarks.experiments.runner.arms import Arm, Sweep
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.summary.arms import spread
from benchmarks.experiments.runner.summary.judged_claims import judge_claims
from benchmarks.results_model.base import of
from benchmarks.results_model.edge import (
    CodingBytes,
    EdgeResults,
    EdgeSweep,
    EdgeTrial,
    VisitCpu,
    Visits,
)
from benchmarks.results_model.figures import Latency


def summarize(sweeps: Sequence[Sweep], trials: Sequence[Trial]) -> EdgeResults:
    """Sum up a run's trials. Void ones are listed, and count for nothing else."""
    counted = [trial for trial in trials if trial.counted]
    return EdgeResults(
        title=TITLE,
        claims=judge_claims([it for sweep in sweeps for it in measured_claims(sweep, counted)]),
        sweeps=[_sweep(sweep, counted) for sweep in sweeps],
        trials=[_trial(trial) for trial in trials],
    )


def _sweep(sweep: Sweep, counted: Sequence[Trial]) -> EdgeSweep:
    mine = [trial for trial in counted if trial.sweep == sweep.name]
    return EdgeSweep(
        name=sweep.name,
        title=sweep.title,
        blocks=sweep.blocks,
        visits=[visits for arm in sweep.arms for visits in _visits(arm, mine)],
        codings=list(_codings(mine[0])) if mine else [],
    )


def _visits(arm: Arm, trials: Sequence[Trial]) -> Iterator[Visits]:
    windows = [window for trial in trials if trial.arm == arm.name for window in windows_of(trial)]
    for kind in KINDS:
        for way in WAYS:
            key = Key(way, kind.name, kind.connections)
            yield _figures(arm, key, [window for window in windows if window.key == key])


def _figures(arm: Arm, key: Key, windows: Sequence[VisitWindow]) -> Visits:
    visited = [window for window in windows if window.visits]
    costs = [cost for window in visited if (cost := window.per_visit()) is not None]
    return Visits(
        architecture=arm.architecture,
        way=key.way,
        kind=key.kind,
        connections=key.connections,
        trials=len(windows),
        visits=sum(window.visits for window in windows),
        requests=fmean(it.requests_per_visit for it in visited) if visited else None,
        cpu_ms=_mean(costs) if costs else None,
        requests_per_second=spread([window.requests_per_second for window in windows]),
        latency_ms=of(Latency, latency([ms for it in windows for ms in it.latencies_ms])),
        wire_bytes=_mean_bytes(visited),
        generator_share=max((window.generator_share for window in windows), default=None),
    )


def _mean(costs: Sequence[VisitCpu]) -> VisitCpu:
    return VisitCpu(
        application=fmean(it.application for it in costs),
        other_units=fmean(it.other_units for it in costs),
        edge=fmean(it.edge for it in costs),
        backing=fmean(it.backing for it in costs),
    )


def _mean_bytes(windows: Iterable[VisitWindow]) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for window in windows:
        for kind, amount in window.wire_bytes.items():
            found.setdefault(kind, []).append(amount)
    return {kind: fmean(amounts) for kind, amounts in sorted(found.items())}


def _codings(trial: Trial) -> Iterator[CodingBytes]:
    sizes = trial.document["drained"].get("bytes_by_coding", {})
    for way in WAYS:
        for coding in CODINGS:
            if coding in sizes.get(way, {}):
                found = sizes[way][coding]
                yield CodingBytes(way=way, coding=coding, page=found["page"], assets=found["asset"])


def _trial(trial: Trial) -> EdgeTrial:
    document = trial.document
    return EdgeTrial(
        name=trial.name,
        sweep=trial.sweep,
        block=trial.block,
        arm=trial.arm,
        started_at=document["started_at"],
        seconds=document["seconds"],
        deploy_seconds=document.get("deploy_seconds"),
        void=list(trial.void),
        disturbed=trial.disturbed,
        first_way=next((it["way"] for it in document["windows"]), None),
    )
