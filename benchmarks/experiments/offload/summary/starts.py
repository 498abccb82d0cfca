"""The environments of a function in a trial: how many there were when, and which starts."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.analysis.proportions import share_of
from benchmarks.analysis.trials import READY, is_flow, latencies
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.results_model.base import of
from benchmarks.results_model.figures import Share
from benchmarks.results_model.offload import FunctionStarts


@dataclass(frozen=True, slots=True)
class Start:
    """One start of an environment; times in seconds of the monotonic clock."""

    ready_at: float
    seconds: float

    @property
    def began_at(self) -> float:
        """When it began, for a submission that found every other environment busy."""
        return self.ready_at - self.seconds


@dataclass(frozen=True, slots=True)
class Environments:
    """A trial's environments: counts by their time, when the load ended, and the starts."""

    counts: Sequence[tuple[float, int]]
    load_ended_at: float
    starts: Sequence[Start]

    def started_between(self, begin: float, end: float) -> list[Start]:
        """Return the starts that began in a time."""
        return [it for it in self.starts if begin <= it.began_at < end]

    @property
    def none_after_seconds(self) -> float | None:
        """Return the seconds from the load's end until none was left; None if one stayed."""
        after = [at for at, count in self.counts if at >= self.load_ended_at and count == 0]
        return min(after) - self.load_ended_at if after else None


def environments(trial: Trial) -> Environments | None:
    """Return the environments of a trial; None where no function recognized."""
    for note in trial.document["actions"]:
        if "environments" in note:
            return Environments(
                [(at, count) for at, count in note["environments"]],
                note["load_ended_at"],
                [Start(it["ready_at"], it["seconds"]) for it in note["starts"]],
            )
    return None


def function_starts(trials: Sequence[Trial]) -> FunctionStarts | None:
    """Return the starts of all trials, and the share of submissions that met one.

    An environment starts for one message that found all others busy, so each start is met by one
    submission, and by no other. None where no function recognized.
    """
    found = [(trial, ran) for trial in trials if (ran := environments(trial)) is not None]
    if not found:
        return None
    starts = [start for _, ran in found for start in ran.starts]
    submissions = sum(trial.document["drained"]["accepted"] for trial, _ in found)
    return FunctionStarts(
        met=share(len(starts), submissions),
        seconds=[start.seconds for start in starts],
        most_environments=max((count for _, ran in found for _, count in ran.counts), default=0),
    )


def share(starts: int, submissions: int) -> Share:
    """Return the share of submissions that met a start."""
    return of(Share, share_of(min(starts, submissions), submissions))


def accepted_in_step(trial: Trial, step: int) -> int:
    """Return how many submissions of a step were accepted: others meet no start."""
    return sum(call.name == READY and call.step == step for call in trial.calls)


def ready_in_step(trial: Trial, step: int) -> list[float]:
    """Return submit to ready, in ms, of each submission of a step; infinite for a failed one."""
    return latencies([call for call in trial.calls if call.step == step], is_flow)
