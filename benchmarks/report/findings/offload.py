"""The page on offloading: what users notice of where images are recognized."""

from statistics import fmean
from typing import Any

from benchmarks.report.findings.claims import by_name
from benchmarks.report.sections.offload import REQUESTS, latencies, place
from benchmarks.results_model.experiments import OffloadResults
from benchmarks.results_model.offload import ArmColdStarts, ArmStepResponses
from benchmarks.results_model.sweeps import ColdStartsSweep, OffloadSweep, StepSweep

BUSY = "busy"


def context(offload: OffloadResults) -> dict[str, Any]:
    """Return what the template needs of the results."""
    sweep = _busy(offload)
    functions = [(place(arm), arm.starts) for arm in sweep.offload if arm.starts is not None]
    met = [starts.met for _, starts in functions]
    return {
        "claims": by_name(offload.claims),
        "rate": sweep.steps[0].rate,
        "rows": [
            (place(arm), [arm.latency_ms[it].p95 for it in ("read", "sign-in", "submit", "ready")])
            for arm in sweep.offload
        ],
        "met": sum(it.count for it in met),
        "submissions": sum(it.total for it in met),
        "cold": [
            _moments(arm)
            for each in offload.sweeps
            if isinstance(each, ColdStartsSweep)
            for arm in each.cold_starts
        ],
        "responses": [
            _response(arm)
            for each in offload.sweeps
            if isinstance(each, StepSweep)
            for arm in each.responses
        ],
    }


def _busy(offload: OffloadResults) -> OffloadSweep:
    (found,) = (
        sweep for sweep in offload.sweeps if isinstance(sweep, OffloadSweep) and sweep.name == BUSY
    )
    return found


def _moments(arm: ArmColdStarts) -> dict[str, Any]:
    return {"arm": arm.arm, "moments": arm.moments}


def _response(arm: ArmStepResponses) -> dict[str, Any]:
    """Return an arm's seconds until latency was back, and its environments."""
    none = [it.none_after_seconds for it in arm.trials if it.none_after_seconds is not None]
    return {
        "arm": arm.arm,
        "back_seconds": arm.since_step_seconds.mean,
        "known": len(arm.since_step_seconds.trials),
        "trials": len(arm.trials),
        "most": max((it.count for trial in arm.trials for it in trial.environments), default=None),
        "none_after_seconds": fmean(none) if none else None,
    }


def figure(offload: OffloadResults) -> str:
    """Draw the 95th percentiles of the requests, by where images are recognized."""
    measured = [arm for arm in _busy(offload).offload if arm.latency_ms["read"].count]
    return latencies(
        measured,
        REQUESTS,
        name="findings-offload",
        title="95th percentiles of requests, by where images are recognized",
    )
