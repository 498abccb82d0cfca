"""One trial: its windows, its accounting, and whether it counts."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from benchmarks.results_model.base import Amount, Count, Model, Number, about
from benchmarks.results_model.figures import Latency


class Ledger(Model):
    """What each store held after the drain. Null where it can't be read."""

    accepted: Annotated[Count, about("Distinct submissions for which the generator got 202.")]
    ready: Annotated[Count, about("Of these, seen to succeed.")]
    answers_lost: Annotated[Count, about("Submissions sent whose response never came.")]
    rows: Annotated[
        Count | None, about("In the databases; of an external target, as its API counts them.")
    ]
    rows_succeeded: Annotated[Count | None, about("Of these, succeeded.")]
    rows_failed: Annotated[Count | None, about("Of these, failed.")]
    results: Annotated[Count | None, about("Result objects in the store.")]


class TrialLevel(Model):
    """One window of one trial."""

    step: Annotated[Count, about("Index of the step.")]
    label: Annotated[str, about("The step in words.")]
    users: Annotated[Count, about("Of a closed step; 0 in an open one.")]
    rate: Annotated[Amount, about("Arrivals a second of an open step; 0 in a closed one.")]
    seconds: Annotated[Amount, about("Between the readings of the target.")]
    completed: Annotated[Count, about("Submissions that became ready.")]
    calls: Annotated[Count, about("Requests that ended.")]
    errors: Annotated[Count, about("Failed calls and flows.")]
    offered: Annotated[
        Count, about("Arrivals that were due; 0 in a closed step, like the next two.")
    ]
    started: Annotated[Count, about("Of these, sent by the window's end.")]
    shed: Annotated[Count, about("Of these, given up.")]
    throughput: Annotated[Amount, about("Completed submissions a second.")]
    submit_ms: Annotated[Latency, about("The submit call.")]
    ready_ms: Annotated[
        Latency, about("From the intended start of a submission to its final state.")
    ]
    read_ms: Annotated[Latency, about("Reading the result of a ready submission.")]
    cpu_ms_per_submission: Annotated[
        float | None, about("CPU-ms of the whole target per completed submission.")
    ]
    cores_used: Annotated[Amount, about("CPU seconds of the target a second.")]
    generator_share: Annotated[Amount, about("Of the generator's core, by the generator.")]
    harness_share: Annotated[Amount, about("Of the same core, by the harness.")]
    lag_p99_ms: Annotated[Amount, about("How late the generator's loop ran: 99th percentile, ms.")]
    lag_max_ms: Annotated[Amount, about("The same, at most.")]
    steal_share: Annotated[Amount, about("Of the target's cores, taken by the hypervisor.")]
    foreign_cores: Annotated[Amount, about("Of the target's cores, used by what isn't the target.")]
    escaped_cores: Annotated[Amount, about("Used by the target, and on no core of its own.")]
    counters: Annotated[
        Mapping[str, float | None],
        about(
            "What the backing services counted in the window, by name; null for what couldn't be "
            "read."
        ),
    ]


class Trial(Model):
    """One trial, counted or void."""

    name: Annotated[str, about("Also its folder's, under raw/.")]
    number: Annotated[Number, about("In the order of running.")]
    sweep: Annotated[str, about("Its sweep.")]
    block: Annotated[Number, about("Its block.")]
    arm: Annotated[str, about("Its arm.")]
    started_at: Annotated[str, about("UTC.")]
    seconds: Annotated[Amount, about("All in all.")]
    deploy_seconds: Annotated[
        float | None, about("From nothing to ready; null if it didn't come so far.")
    ]
    load_average: Annotated[
        Sequence[float], about("Of the machine before it: 1, 5 and 15 minutes.")
    ]
    void: Annotated[Sequence[str], about("Why it doesn't count, in words; empty if it does.")]
    ledger: Ledger | None
    capacity: Annotated[
        float | None,
        about("Completed submissions a second; null if it wasn't saturated, or was disturbed."),
    ]
    disturbed: Annotated[
        bool, about("Whether other work on the target's cores leaves its capacity unknown.")
    ]
    saturated: Annotated[bool, about("Whether more load didn't raise throughput.")]
    knee_users: Annotated[Count | None, about("The fewest users within 5 % of the best level.")]
    cpu_ms_per_submission: Annotated[
        float | None, about("Over the upper half of the closed levels, or two of them.")
    ]
    wall_drift_ms: Annotated[
        float | None,
        about("How much the generator's wall clock was set while the trial ran, ms at most."),
    ]
    target_clock_skew_ms: Annotated[
        float | None,
        about(
            "The target's clock minus the generator's, ms, median; null where it sent none. No "
            "figure uses it."
        ),
    ]
    levels: Annotated[Sequence[TrialLevel], about("Each window.")]
