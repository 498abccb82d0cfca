"""One arm of a sweep over its counted trials: what it used and carried, level by level."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from benchmarks.results_model.base import Amount, Count, Model, about
from benchmarks.results_model.figures import PooledLatency, Spread


class ProcessCpu(Model):
    """A process of the target and what one completed submission costs it."""

    role: Annotated[
        Literal["unit", "edge", "backing"],
        about(
            "What the process is: of a unit of the architecture, the edge, or a backing service."
        ),
    ]
    unit: Annotated[str, about("The unit or backing service that the process belongs to.")]
    process: Annotated[str, about("The process, with its number where there may be several.")]
    cpu_ms: Annotated[
        float, about("CPU-ms per completed submission, user and system time, children included.")
    ]


class ProcessMemory(Model):
    """A process of the target and what it holds; means over trials.

    A page that processes share is divided among them (PSS).
    """

    role: Annotated[
        Literal["unit", "edge", "backing"],
        about(
            "What the process is: of a unit of the architecture, the edge, or a backing service."
        ),
    ]
    unit: Annotated[str, about("The unit or backing service that the process belongs to.")]
    process: Annotated[str, about("The process, with its number where there may be several.")]
    rest_bytes: Annotated[Amount, about("After the deploy, before any load.")]
    loaded_bytes: Annotated[Amount, about("The most seen at the end of a window.")]


class Level(Model):
    """One level over all counted trials of an arm: what was measured in one step's windows."""

    step: Annotated[Count, about("Index of the step in the sweep's schedule.")]
    label: Annotated[str, about("The step in words.")]
    users: Annotated[Count, about("Of a closed step; 0 in an open one.")]
    rate: Annotated[
        Amount,
        about("Arrivals a second that an open step was offered, over its trials; 0 if closed."),
    ]
    completed: Annotated[Count, about("Submissions that became ready.")]
    errors: Annotated[Count, about("Failed calls and flows.")]
    offered: Annotated[
        Count,
        about("Arrivals that were due in the windows; 0 in a closed step, like the next two."),
    ]
    started: Annotated[Count, about("Of these, sent by the window's end.")]
    shed: Annotated[Count, about("Of these, given up because all flow slots were busy.")]
    throughput: Annotated[Spread, about("Completed submissions a second.")]
    cpu_ms_per_submission: Annotated[
        Spread, about("CPU-ms of the whole target per completed submission.")
    ]
    cpu_by_process: Annotated[Sequence[ProcessCpu], about("The same by process, over all trials.")]
    memory_bytes: Annotated[Spread, about("Of the whole target at the window's end.")]
    cores_used: Annotated[Spread, about("CPU seconds of the target a second.")]
    submit_ms: Annotated[PooledLatency, about("The submit call.")]
    ready_ms: Annotated[
        PooledLatency, about("From the intended start of a submission to its final state.")
    ]
    read_ms: Annotated[PooledLatency, about("Reading the result of a ready submission.")]


class Arm(Model):
    """One configuration over its counted trials.

    Amounts per submission are over the levels in `cpu_labels`.
    """

    name: Annotated[str, about("Unique within the sweep.")]
    architecture: Annotated[
        str,
        about(
            "monolith, microservices, floor (the work alone, in a loop) or external (a deployed "
            "target)."
        ),
    ]
    settings: Annotated[Mapping[str, str], about("Given to every unit.")]
    replicas: Annotated[
        Mapping[str, Count], about("Processes of a type, where more or less than one.")
    ]
    scaled: Annotated[
        Mapping[str, Count],
        about("Processes of a type after scaling out, in an elasticity sweep."),
    ]
    base_url: Annotated[str, about("Of an external target; otherwise empty.")]
    stub_latency_ms: Annotated[
        float | None,
        about("What a call to the stubbed recognition service takes, ms; null without a stub."),
    ]
    work_cpu_ms: Annotated[
        float | None, about("CPU-ms that the synthetic recognizer takes; null for a real one.")
    ]
    counted_trials: Annotated[Count, about("Trials that aren't void.")]
    deploy_seconds: Annotated[Spread, about("From nothing to ready, seconds.")]
    capacity: Annotated[
        float | None,
        about(
            "Completed submissions a second on the plateau, geometric mean over saturated trials; "
            "null if none was."
        ),
    ]
    capacities: Annotated[Sequence[float], about("Of each trial that has one.")]
    knee_users: Annotated[
        Sequence[Count], about("The fewest users that reached capacity, in any trial.")
    ]
    cpu_ms_per_submission: Annotated[
        float | None, about("CPU-ms of the whole target per completed submission.")
    ]
    floor_multiple: Annotated[
        float | None,
        about("The same over `floor_cpu_ms`; null where the work isn't the floor's."),
    ]
    cpu_labels: Annotated[
        Sequence[str],
        about(
            "The levels that amounts per submission are taken from: the upper half of the closed "
            "ones, or all if all are open."
        ),
    ]
    cpu_by_process: Annotated[
        Sequence[ProcessCpu], about("CPU-ms per completed submission, by process.")
    ]
    memory_by_process: Annotated[Sequence[ProcessMemory], about("Bytes, by process.")]
    per_submission: Annotated[
        Mapping[str, float | None],
        about(
            "What the backing services counted over completed submissions, by the counter's name (a"
            " `_bytes` is bytes, the others are counts), and `generator_cpu_ms`. A window's first "
            "and last submissions are cut, so these are not whole numbers. Null where a window "
            "couldn't be read."
        ),
    ]
    levels: Annotated[Sequence[Level], about("Level by level.")]
