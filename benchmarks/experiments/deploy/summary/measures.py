"""What each claim is judged by, of one trial, and the other ways of measuring the same.

The alternatives take another moment, leave something out, or release another component's change.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.experiments.deploy.claims import LEAD_TIME, SUBMIT_WAIT, TWO_TEAMS
from benchmarks.experiments.deploy.summary.features import releases_of
from benchmarks.experiments.deploy.summary.waits import (
    median_submit_ms,
    slowest_fifth_submit_ms,
    waited_longer_seconds,
)
from benchmarks.experiments.runner.claim import Claim
from benchmarks.experiments.runner.measured_trial import Trial

Measure = Callable[[Trial], float | None]
DRAINED = "old processes drained"  # the rollout's last step


def lead_seconds(trial: Trial) -> float | None:
    """Return the longest build, and then the seconds from the first order to the last end.

    Teams build at the same time, each on a machine of its own, so what takes longest counts.
    """
    return _lead(trial, builds=max, end=_ended)


def lead_with_builds_in_turn(trial: Trial) -> float | None:
    """Return the same with one build after the other, as on a single build server."""
    return _lead(trial, builds=sum, end=_ended)


def lead_without_builds(trial: Trial) -> float | None:
    """Return the same with artifacts that were there when the release was ordered."""
    return _lead(trial, builds=_none, end=_ended)


def lead_until_serving(trial: Trial) -> float | None:
    """Return the same until the last new version served, whether or not the old had ended."""
    return _lead(trial, builds=max, end=_served)


def _lead(
    trial: Trial,
    *,
    builds: Callable[[list[float]], float],
    end: Callable[[Mapping[str, Any]], float],
) -> float | None:
    notes = releases_of(trial)
    if not notes:
        return None
    building = builds([note["build_seconds"] for note in notes])
    return building + max(map(end, notes)) - float(min(note["ordered_at"] for note in notes))


def _none(_builds: list[float]) -> float:
    return 0.0


def _ended(note: Mapping[str, Any]) -> float:
    return float(note["ended_at"])


def _served(note: Mapping[str, Any]) -> float:
    return _ended(note) - float(note["steps"].get(DRAINED, 0.0))


@dataclass(frozen=True, slots=True)
class Way:
    """One way to measure a claim: what is released, and what is measured of a trial."""

    scenario: str
    measure: Measure


@dataclass(frozen=True, slots=True)
class Question:
    """A claim, the way in which it is judged, and the alternatives by what they vary."""

    claim: Claim
    way: Way
    alternatives: Mapping[str, Way]


_OTHERS = {
    "the change is in accounts, the smallest service": "secret-rotation",
    "the change is in the recognition worker, one of its libraries": "dependency-bumped",
    "the change is in the imaging library, which the recognition worker installs": (
        "recognizer-upgrade"
    ),
}


def _others(measure: Measure) -> dict[str, Way]:
    return {variation: Way(scenario, measure) for variation, scenario in _OTHERS.items()}


QUESTIONS: Sequence[Question] = (
    Question(
        LEAD_TIME,
        Way("field-added", lead_seconds),
        {
            "until the new version serves, whether or not the old has ended": Way(
                "field-added", lead_until_serving
            ),
            "without the build": Way("field-added", lead_without_builds),
            **_others(lead_seconds),
        },
    ),
    Question(
        TWO_TEAMS,
        Way("two-teams", lead_seconds),
        {
            "one build after the other": Way("two-teams", lead_with_builds_in_turn),
            "without the builds": Way("two-teams", lead_without_builds),
            "until both new versions serve, whether or not the old ones have ended": Way(
                "two-teams", lead_until_serving
            ),
        },
    ),
    Question(
        SUBMIT_WAIT,
        Way("field-added", median_submit_ms),
        {
            "the slowest fifth: their 80th percentile": Way("field-added", slowest_fifth_submit_ms),
            "the seconds that all submissions of the release together take longer than the calm "
            "median": Way("field-added", waited_longer_seconds),
            **_others(median_submit_ms),
            "two teams release at once": Way("two-teams", median_submit_ms),
        },
    ),
)
