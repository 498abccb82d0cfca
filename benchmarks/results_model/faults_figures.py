"""Figures of the faults experiment: each fault of each arm, and each trial."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from benchmarks.results_model.base import Amount, Count, FailureMode, Model, about
from benchmarks.results_model.figures import Latency


class SecondsAfter(Model):
    """Seconds from the failure's end, over the trials of a fault."""

    mean: Annotated[float | None, about("Of those that ended in the watched time.")]
    longest: Annotated[float | None, about("Of these.")]
    not_seen: Annotated[Count, about("Trials in which it didn't end in the watched time.")]


class DuringShares(Model):
    """What met the failure."""

    share: Annotated[
        float | None, about("Availability: the share that was served in time, mean over trials.")
    ]
    low: Annotated[float | None, about("In the trial with the lowest.")]
    high: Annotated[float | None, about("In the trial with the highest.")]
    in_time: Annotated[Count, about("Served in time, all trials.")]
    served: Annotated[Count, about("Served at all.")]
    total: Annotated[Count, about("That were intended.")]


class FeatureShares(Model):
    """One feature around one fault."""

    before: Annotated[float | None, about("Share that was served in time in the calm seconds.")]
    during: Annotated[DuringShares, about("What met the failure.")]
    after: Annotated[
        float | None, about("Share that was served in time from the failure's end on.")
    ]


class FaultFigures(Model):
    """One fault of an arm, over its trials."""

    name: Annotated[str, about("How it fails, and which process.")]
    how: Annotated[FailureMode, about("kill or stall.")]
    component: Annotated[str, about("The title in the report.")]
    kind: Annotated[str, about("What the process does, whatever unit it is of.")]
    trials: Annotated[Count, about("In which it was observed from calm on.")]
    not_calm: Annotated[
        Count,
        about("In which an earlier fault still showed when it began; they count for nothing."),
    ]
    features: Annotated[Mapping[str, FeatureShares], about("By feature.")]
    mean: Annotated[
        float | None, about("Availability during the failure, mean over features and trials.")
    ]
    recovered: Annotated[SecondsAfter, about("Until all requests are served in time.")]
    normal: Annotated[SecondsAfter, about("Until all requests are as quick as before.")]
    unavailable_seconds: Annotated[
        Amount | None,
        about("In which at least one feature was unavailable, from the failure's start, mean."),
    ]
    drained: Annotated[
        SecondsAfter,
        about("Until the last submission that was accepted before the failure's end was final."),
    ]
    requests_ms: Annotated[
        Latency, about("Latency of requests that met the failure and were served, late or not.")
    ]
    slowed: Annotated[
        float | None,
        about("Share of these that took over three times the calm median of their feature."),
    ]


class KeptCounts(Model):
    """What one arm or trial kept of what it had accepted."""

    accepted: Annotated[Count, about("Submissions that got the response 202.")]
    lost: Annotated[Count, about("Of these, without a row, without their objects, or never final.")]
    doubled: Annotated[Count, about("Rows beyond the requests that were sent.")]
    leaked: Annotated[
        Count, about("Objects of no submission, and uploads that outlived their use.")
    ]
    orphan_uploads: Annotated[
        Count,
        about(
            "Uploads of requests that were cut off before their row was written; removed after a "
            "grace time."
        ),
    ]
    failed: Annotated[Count, about("Accepted submissions whose final state is failed.")]


class FaultsArm(Model):
    """One architecture in a sweep."""

    name: Annotated[str, about("The arm.")]
    architecture: Annotated[str, about("Which one.")]
    settings: Annotated[Mapping[str, str], about("Environment variables of every unit.")]
    trials: Annotated[Count, about("That count.")]
    calm_ms: Annotated[Latency, about("Latency of requests in the calm seconds.")]
    faults: Annotated[Sequence[FaultFigures], about("Each of its faults.")]
    restarted: Annotated[Count, about("Processes that ended by themselves and were started again.")]
    kept: Annotated[KeptCounts, about("Over all its trials.")]


class FaultsSweep(Model):
    """One kind of failure of one kind of component."""

    name: Annotated[str, about("The name in files and commands.")]
    title: Annotated[str, about("The title in the report.")]
    blocks: Annotated[Count, about("As planned.")]
    rate: Annotated[Amount, about("Arrivals a second.")]
    calm_seconds: Annotated[Amount, about("Before each failure.")]
    failure_seconds: Annotated[Amount, about("How long each lasts.")]
    after_seconds: Annotated[Amount, about("Watched after it.")]
    slack_seconds: Annotated[
        Amount,
        about(
            "So much later it may begin, and so much less is watched after it, while an earlier one"
            " still shows."
        ),
    ]
    arms: Annotated[Sequence[FaultsArm], about("Both architectures.")]


class ObservedFault(Model):
    """One fault of a trial."""

    fault: Annotated[str, about("How, and which process.")]
    at_seconds: Annotated[float, about("From the first window's start.")]
    calm: Annotated[bool, about("Whether every feature worked before it.")]
    availability: Annotated[float | None, about("Mean over features.")]
    recovered_seconds: Annotated[
        float | None,
        about("From its end until all is served in time; null where not in the watched time."),
    ]
    normal_seconds: Annotated[
        float | None,
        about("From its end until all is as quick as before; null where not in the watched time."),
    ]
    unavailable_seconds: Annotated[
        Amount, about("In which at least one feature was unavailable, from its start.")
    ]


class FaultsTrial(Model):
    """One trial of the faults experiment."""

    name: Annotated[str, about("Its folder in raw/.")]
    sweep: Annotated[str, about("Of which sweep.")]
    block: Annotated[Count, about("Of which block.")]
    arm: Annotated[str, about("Of which arm.")]
    started_at: Annotated[str, about("UTC.")]
    seconds: Annotated[Amount, about("What it took.")]
    deploy_seconds: Annotated[float | None, about("Of these, the deployment.")]
    void: Annotated[Sequence[str], about("Why it doesn't count; empty if it does.")]
    disturbed: Annotated[
        bool, about("Whether something else used much of its core, or of the one beside.")
    ]
    shed: Annotated[
        int | None,
        about("Arrivals that found every slot of the generator busy; null where it didn't end."),
    ]
    restarted: Annotated[Sequence[str], about("Processes that ended by themselves.")]
    kept: Annotated[KeptCounts | None, about("What it kept; null where the stores weren't read.")]
    faults: Annotated[Sequence[ObservedFault], about("In the order in which they happened.")]
