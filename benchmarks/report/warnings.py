"""What a reader must know before believing the figures, and whether they add up."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.report.documents import experiment_of
from benchmarks.report.formats import count, percent

STEAL_LIMIT = 0.02
SKEW_LIMIT_MS = 1000.0
MOST_NAMED = 2  # arms of a sweep

Trial = Mapping[str, Any]


def balance(trials: Sequence[Trial]) -> dict[str, Any]:
    """Whether the run's numbers add up, over all trials. `results` is None if nobody could look."""
    ledgers = [trial["ledger"] for trial in trials if trial["ledger"]]
    seen = [it for it in ledgers if it["results"] is not None]
    return {
        "accepted": sum(it["accepted"] for it in ledgers),
        "rows": sum(it["rows"] or 0 for it in ledgers),
        "results": sum(it["results"] for it in seen) if seen else None,
        "failed": sum(it["rows_failed"] for it in seen),
        "trials": len(trials),
        "void": sum(bool(trial["void"]) for trial in trials),
        "balanced": all(
            it["accepted"] == it["rows"]
            and (it["results"] is None or it["rows"] == it["results"] + it["rows_failed"])
            for it in ledgers
        ),
    }


def warnings(results: Mapping[str, Any]) -> list[str]:
    """Each in one or two sentences."""
    run, scaling = results["run"], experiment_of(results)
    trials = scaling["trials"]
    levels = [level for trial in trials for level in trial["levels"]]
    changed = results["environment"].get("source", {}).get("changed")
    external = _external(scaling)
    found = [
        *_of_the_run(run),
        *external,
        *_disturbed(trials, levels),
        *([] if external else _stolen(levels)),
        *_unsaturated(trials),
        *_skewed(trials),
        "The source had changes that were in no commit." if changed else "",
    ]
    return [warning for warning in found if warning]


def _of_the_run(run: Mapping[str, Any]) -> list[str]:
    found = []
    if run["status"] != "complete":
        found.append(
            f"The run is not complete: {run['status'].rstrip('.')}. "
            "What was measured until then is shown."
        )
    if run["core_shared"]:
        found.append(
            "The load generator shared a core with what it measured: throughput and latency are "
            "those of both together, and only CPU-ms tell them apart."
        )
    if run["resumed_at"]:
        found.append(
            f"The run was stopped and resumed ({count(len(run['resumed_at']), 'time')}): its "
            "blocks are of different hours, and maybe of a machine in a different state."
        )
    return found


def _external(scaling: Mapping[str, Any]) -> list[str]:
    arms = [arm for sweep in scaling["sweeps"] for arm in sweep["arms"] if arm["base_url"]]
    if not arms:
        return []
    which = "; ".join(f"{arm['name']} is {arm['base_url']}" for arm in arms)
    warning = (
        f"{which}. Somebody else deployed them: they were not fresh, their stores were not looked "
        "into (their own APIs counted the submissions), and nobody knows what CPU and memory they "
        "had or used."
    )
    return [warning]


def _disturbed(trials: Sequence[Trial], levels: Sequence[Mapping[str, Any]]) -> list[str]:
    disturbed = [trial for trial in trials if trial["disturbed"]]
    if not disturbed:
        return []
    foreign = sum(level["foreign_cores"] for level in levels) / len(levels)
    warning = (
        f"Something else used {percent(foreign)} of the target's core in the windows, or over a "
        "tenth of the core beside it. Throughput and latency tell of that too, CPU-ms are less "
        f"sure, and these trials have no capacity: {_named(disturbed, trials)}."
    )
    return [warning]


def _stolen(levels: Sequence[Mapping[str, Any]]) -> list[str]:
    steal = sum(level["steal_share"] for level in levels) / len(levels) if levels else 0.0
    if steal <= STEAL_LIMIT:
        return []
    return [f"The hypervisor took {percent(steal)} of the target's core in the windows."]


def _unsaturated(trials: Sequence[Trial]) -> list[str]:
    found = [
        trial
        for trial in trials
        if not (trial["void"] or trial["saturated"] or trial["disturbed"]) and _rises(trial)
    ]
    if not found:
        return []
    return [
        f"Not saturated, so without a capacity: {_named(found, trials)}. More users are needed."
    ]


def _rises(trial: Trial) -> bool:
    """Whether it has levels to be saturated over."""
    return sum(bool(level["users"]) for level in trial["levels"]) > 1


def _skewed(trials: Sequence[Trial]) -> list[str]:
    skews = [trial["target_clock_skew_ms"] for trial in trials]
    worst = max((skew for skew in skews if skew is not None), key=abs, default=0.0)
    if abs(worst) <= SKEW_LIMIT_MS:
        return []
    warning = (
        f"The target's clock and the generator's are {abs(worst) / 1000:.1f} s apart. No figure "
        "uses the target's, but its logs and rows tell other times."
    )
    return [warning]


def _named(some: Sequence[Trial], every: Sequence[Trial]) -> str:
    """Say which trials: "load (monolith 2 of 3)", "work (12 of 24)", "all 87"."""
    if len(some) == len(every):
        return f"all {len(every)}" if len(every) > 1 else "the only one"
    said = []
    for sweep in dict.fromkeys(trial["sweep"] for trial in some):
        mine, all_of_it = _per_arm(some, sweep), _per_arm(every, sweep)
        if len(mine) > MOST_NAMED:
            which = f"{mine.total()} of {all_of_it.total()}"
        else:
            which = ", ".join(f"{arm} {amount} of {all_of_it[arm]}" for arm, amount in mine.items())
        said.append(f"{sweep} ({which})")
    return ", ".join(said)


def _per_arm(trials: Iterable[Trial], sweep: str) -> Counter[str]:
    return Counter(trial["arm"] for trial in trials if trial["sweep"] == sweep)
