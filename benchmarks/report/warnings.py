"""The warnings of a report, and the accounting of all trials."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.report.formats import count, percent
from benchmarks.report.target_cores import target_cores
from benchmarks.results_model.document import ResultsDocument, Run
from benchmarks.results_model.experiments import TrialResults
from benchmarks.results_model.sweeps import ReleasesSweep
from benchmarks.results_model.trials import Ledger, Trial, TrialLevel

STEAL_LIMIT = 0.02
SKEW_LIMIT_MS = 1000.0
MOST_NAMED = 2  # arms of a sweep
OUTLASTED_SECONDS = 0.5


def balance(trials: Sequence[Trial]) -> dict[str, Any]:
    """Return the accounting over all trials; `results` is None if the stores can't be read."""
    ledgers = [trial.ledger for trial in trials if trial.ledger]
    seen = [ledger for ledger in ledgers if ledger.results is not None]
    return {
        "accepted": sum(ledger.accepted for ledger in ledgers),
        "rows": sum(ledger.rows or 0 for ledger in ledgers),
        "results": sum(ledger.results or 0 for ledger in seen) if seen else None,
        "failed": sum(ledger.rows_failed or 0 for ledger in seen),
        "trials": len(trials),
        "void": sum(bool(trial.void) for trial in trials),
        "balanced": all(map(_is_balanced, ledgers)),
    }


def _is_balanced(ledger: Ledger) -> bool:
    if ledger.accepted != ledger.rows:
        return False
    if ledger.results is None or ledger.rows_failed is None:
        return True
    return ledger.rows == ledger.results + ledger.rows_failed


def warnings(document: ResultsDocument, experiment: TrialResults) -> list[str]:
    """Return the warnings of a run, each in one or two sentences."""
    trials = experiment.trials
    levels = [level for trial in trials for level in trial.levels]
    changed = document.environment.get("source", {}).get("changed")
    external = _external(experiment)
    found = [
        *_of_the_run(document.run),
        *_on_cores(document),
        *external,
        *_disturbed(trials, levels, target_cores(document)),
        *([] if external else _stolen(levels, target_cores(document))),
        *_unsaturated(trials),
        *_skewed(trials),
        *_outlasted(experiment),
        "The source had uncommitted changes." if changed else "",
    ]
    return [warning for warning in found if warning]


def _outlasted(experiment: TrialResults) -> list[str]:
    trials = [
        trial
        for sweep in experiment.sweeps
        if isinstance(sweep, ReleasesSweep)
        for arm in sweep.releases
        for trial in arm.trials
    ]
    longer = [it.outlasted_seconds for it in trials if it.outlasted_seconds > OUTLASTED_SECONDS]
    if not longer:
        return []
    warning = (
        f"In {len(longer)} of {count(len(trials), 'trial')} a release outlasted the load, by up to "
        f"{max(longer):.1f} s: without load it ended sooner, and fewer requests met it."
    )
    return [warning]


def _of_the_run(run: Run) -> list[str]:
    found = []
    if run.status != "complete":
        found.append(
            f"The run is not complete: {run.status.rstrip('.')}. "
            "The measurements until then are shown."
        )
    if run.core_shared:
        found.append(
            "The load generator shared a core with the target: throughput and latency are those "
            "of both together, and only CPU-ms are separate."
        )
    if run.resumed_at:
        found.append(
            f"The run was stopped and resumed ({count(len(run.resumed_at), 'time')}): its "
            "blocks are from different hours, and maybe from a machine in a different state."
        )
    return found


def _on_cores(document: ResultsDocument) -> list[str]:
    cores = target_cores(document)
    if cores == 1:
        return []
    warning = (
        f"The target had {cores} cores, and in the load sweep as many workers and web processes. "
        "Nothing here is comparable with a run on one core; where a claim names one core, it means "
        "these."
    )
    return [warning]


def _external(experiment: TrialResults) -> list[str]:
    arms = [arm for sweep in experiment.sweeps for arm in sweep.arms if arm.base_url]
    if not arms:
        return []
    which = "; ".join(f"{arm.name} is {arm.base_url}" for arm in arms)
    warning = (
        f"{which}. They were deployed elsewhere: they were not fresh, their stores were not read "
        "(their own APIs counted the submissions), and the CPU and memory that they had or used "
        "are unknown."
    )
    return [warning]


def _disturbed(trials: Sequence[Trial], levels: Sequence[TrialLevel], cores: int) -> list[str]:
    disturbed = [trial for trial in trials if trial.disturbed]
    if not disturbed:
        return []
    foreign = sum(level.foreign_cores for level in levels) / len(levels) if levels else None
    share = "over a tenth" if foreign is None else percent(foreign / cores)
    warning = (
        f"Other processes used {share} of {_the_cores(cores)} in the windows, or over a "
        "tenth of the core beside it. This affects throughput and latency, makes CPU-ms less "
        f"precise, and leaves these trials without a capacity: {_named(disturbed, trials)}."
    )
    return [warning]


def _stolen(levels: Sequence[TrialLevel], cores: int) -> list[str]:
    steal = sum(level.steal_share for level in levels) / len(levels) if levels else 0.0
    if steal <= STEAL_LIMIT:
        return []
    return [f"The hypervisor took {percent(steal)} of {_the_cores(cores)} in the windows."]


def _the_cores(cores: int) -> str:
    return "the target's core" if cores == 1 else f"the target's {cores} cores"


def _unsaturated(trials: Sequence[Trial]) -> list[str]:
    found = [
        trial
        for trial in trials
        if not (trial.void or trial.saturated or trial.disturbed) and _rises(trial)
    ]
    if not found:
        return []
    return [f"Not saturated, so without a capacity: {_named(found, trials)}. They need more users."]


def _rises(trial: Trial) -> bool:
    """Return whether the trial has several closed levels."""
    return sum(bool(level.users) for level in trial.levels) > 1


def _skewed(trials: Sequence[Trial]) -> list[str]:
    skews = [trial.target_clock_skew_ms for trial in trials]
    worst = max((skew for skew in skews if skew is not None), key=abs, default=0.0)
    if abs(worst) <= SKEW_LIMIT_MS:
        return []
    warning = (
        f"The target's clock and the generator's are {abs(worst) / 1000:.1f} s apart. No figure "
        "uses the target's clock, but its logs and rows have other times."
    )
    return [warning]


def _named(some: Sequence[Trial], every: Sequence[Trial]) -> str:
    """Return which trials: "load (monolith 2 of 3)", "work (12 of 24)", "all 87"."""
    if len(some) == len(every):
        return f"all {len(every)}" if len(every) > 1 else "the only one"
    names = []
    for sweep in dict.fromkeys(trial.sweep for trial in some):
        mine, total = _per_arm(some, sweep), _per_arm(every, sweep)
        if len(mine) > MOST_NAMED:
            which = f"{mine.total()} of {total.total()}"
        else:
            which = ", ".join(f"{arm} {amount} of {total[arm]}" for arm, amount in mine.items())
        names.append(f"{sweep} ({which})")
    return ", ".join(names)


def _per_arm(trials: Iterable[Trial], sweep: str) -> Counter[str]:
    return Counter(trial.arm for trial in trials if trial.sweep == sweep)
