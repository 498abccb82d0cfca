"""The features of the flow among a trial's calls, before its releases and while they go on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.analysis.trials import READY, SHED, Call
from benchmarks.experiments.runner.measured_trial import Trial

# The generator's names of each feature's calls. Each feature is one kind of call, so that its
# median is of one kind too; what a submission waits for counts as "submit".
FEATURES = {
    "sign-in": frozenset({"/tokens"}),
    "submit": frozenset({READY, SHED}),
    "read": frozenset({"/submissions"}),
    "page": frozenset({"/"}),
}
_UNSUBMITTED = "/submissions (upload)"  # a refused one has no READY row


def feature_of(call: Call) -> str | None:
    """Return the feature that a call uses; None for a call that is no use of its own."""
    if call.name == _UNSUBMITTED and call.failed:
        return "submit"
    return next((name for name, names in FEATURES.items() if call.name in names), None)


def of_feature(calls: Iterable[Call], feature: str) -> list[Call]:
    """Return the calls of one feature."""
    return [call for call in calls if feature_of(call) == feature]


def releases_of(trial: Trial) -> list[Mapping[str, Any]]:
    """Return the notes of a trial's releases that came to an end, in the order of their orders."""
    return [note for note in trial.document["actions"] if "ended_at" in note]


def first_order(trial: Trial) -> float:
    """Return when the first release was ordered; the window's end where none was."""
    return float(
        min(
            (note["ordered_at"] for note in releases_of(trial)),
            default=trial.levels[0].window.end,
        )
    )


def before(trial: Trial) -> list[Call]:
    """Return the calls that were meant to begin in the calm seconds before the first order."""
    start, end = trial.levels[0].window.start, first_order(trial)
    return [call for call in trial.calls if start <= call.intended_at < end]


def during(trial: Trial, notes: Sequence[Mapping[str, Any]] | None = None) -> list[Call]:
    """Return the calls that were meant to begin while a release went on, each once.

    Two releases may go on at the same time. Without `notes` it is any release of the trial.
    """
    going_on = [
        (note["began_at"], note["ended_at"])
        for note in (releases_of(trial) if notes is None else notes)
    ]
    return [
        call
        for call in trial.calls
        if any(began <= call.intended_at < ended for began, ended in going_on)
    ]
