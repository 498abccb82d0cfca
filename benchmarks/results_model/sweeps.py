"""A sweep: arms that went through the same schedule, with what its kind adds."""

from collections.abc import Sequence
from typing import Annotated

from benchmarks.results_model.arms import Arm
from benchmarks.results_model.autoscaling import ArmAutoscaling
from benchmarks.results_model.base import Amount, Count, Model, Number, about
from benchmarks.results_model.elasticity import ArmRecoveries
from benchmarks.results_model.offload import ArmColdStarts, ArmOffload, ArmStepResponses
from benchmarks.results_model.overhead import Overhead
from benchmarks.results_model.releases import ArmReleases
from benchmarks.results_model.scaling import PublishedRatio, ScalabilityLaw, WorkPoint


class Step(Model, omit_defaults=True):
    """One step of a schedule: closed with `users`, or open with a `rate`."""

    warm_up_seconds: Annotated[Amount, about("Load without measuring.")]
    window_seconds: Annotated[Amount, about("Load that is measured.")]
    users: Annotated[
        Count, about("Closed: so many users, each of whom begins again after the response.")
    ] = 0
    rate: Annotated[
        Amount,
        about(
            "Open: Poisson arrivals a second; or shares of what the floor could do, see "
            "`rates_are_shares`."
        ),
    ] = 0.0
    mixed: Annotated[bool, about("Whether users also do other things than submit.")] = False
    group: Annotated[
        Sequence[str],
        about("What so many arrivals in a row do, in random order; empty where it is drawn."),
    ] = ()


class Action(Model):
    """Scaling, while a schedule goes on."""

    at_seconds: Annotated[Amount, about("Since the first window began.")]
    out: Annotated[bool, about("True: out to more processes. False: back.")]


class Sweep(Model, tag_field="kind"):
    """Arms that went through the same schedule."""

    name: Annotated[str, about("Unique within the run.")]
    title: Annotated[str, about("The title in the report.")]
    blocks: Annotated[Number, about("As planned.")]
    seconds: Annotated[Amount, about("Of the schedule, in each trial.")]
    steps: Annotated[Sequence[Step], about("The schedule.")]
    rates_are_shares: Annotated[
        bool,
        about(
            "Whether the rates in `steps` are shares of what the floor could do "
            "(`run.bound_per_second`)."
        ),
    ]
    actions: Annotated[Sequence[Action], about("Scaling during the schedule.")]
    arms: Annotated[Sequence[Arm], about("What was compared.")]

    @property
    def kind(self) -> str:
        """The tag: what is made of the sweep."""
        return str(self.__struct_config__.tag)


class FloorSweep(Sweep, tag="floor"):
    """The work alone, in a plain loop."""


class OverheadSweep(Sweep, tag="overhead"):
    """Each side beside the floor's loop and minimal endpoints."""

    overhead: Annotated[Overhead, about("Each side over the least that its work takes.")]


class LoadSweep(Sweep, tag="load"):
    """A curve over levels of load."""

    usl: Annotated[Sequence[ScalabilityLaw], about("The Universal Scalability Law of each arm.")]


class WorkSweep(Sweep, tag="work"):
    """Ratios over the recognizer's CPU time."""

    points: Annotated[Sequence[WorkPoint], about("Ratios over the recognizer's CPU time, rising.")]
    published: Annotated[
        Sequence[PublishedRatio], about("What others published, to be drawn beside them.")
    ]


class ReplicasSweep(Sweep, tag="replicas"):
    """What more processes bring."""


class ElasticitySweep(Sweep, tag="elasticity"):
    """How soon scaling out helps after a step in the arrivals."""

    recoveries: Annotated[Sequence[ArmRecoveries], about("Of each arm.")]


class AutoscalingSweep(Sweep, tag="autoscaling"):
    """A step in the arrivals, after which an engine scales by itself."""

    responses: Annotated[Sequence[ArmAutoscaling], about("Of each arm.")]


class ReleasesSweep(Sweep, tag="releases"):
    """Releases under steady load."""

    releases: Annotated[Sequence[ArmReleases], about("Of each arm.")]


class OffloadSweep(Sweep, tag="offload"):
    """Latencies by feature while images are recognized in one place or another."""

    offload: Annotated[Sequence[ArmOffload], about("Of each arm.")]


class ColdStartsSweep(Sweep, tag="cold-starts"):
    """A function's submissions at rest, while warm, after idle seconds, and in a burst."""

    cold_starts: Annotated[Sequence[ArmColdStarts], about("Of each arm.")]


class StepSweep(Sweep, tag="step"):
    """A step in the arrivals: workers that are scaled by order, functions that scale themselves."""

    responses: Annotated[Sequence[ArmStepResponses], about("Of each arm.")]


AnySweep = (
    FloorSweep
    | OverheadSweep
    | LoadSweep
    | WorkSweep
    | ReplicasSweep
    | ElasticitySweep
    | ReleasesSweep
    | OffloadSweep
    | ColdStartsSweep
    | StepSweep
    | AutoscalingSweep
)
