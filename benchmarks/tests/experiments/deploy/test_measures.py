"""The seconds from a commit until all of it serves."""

from pathlib import Path

import pytest

from benchmarks.experiments.catalogue.releases import SCENARIOS
from benchmarks.experiments.deploy.claims import CLAIMS
from benchmarks.experiments.deploy.summary.measures import (
    QUESTIONS,
    lead_seconds,
    lead_until_serving,
    lead_with_builds_in_turn,
    lead_without_builds,
)
from benchmarks.experiments.runner.measured_trial import load_trial
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.repository import REPOSITORY
from benchmarks.tests.experiments.deploy.made_up import note, trial

EXAMPLE: Path = REPOSITORY / "benchmarks" / "results" / "example-deploy"
TWO = [
    note(10.0, 10.0, build_seconds=3.2),
    note(10.1, 20.4, waited=9.9, build_seconds=0.7),
]


def test_two_teams_build_at_the_same_time() -> None:
    """The longer build takes 3.2 s; from 10 s to 30.5 s there is a release."""
    assert lead_seconds(trial(TWO)) == pytest.approx(3.2 + 20.5)
    assert lead_with_builds_in_turn(trial(TWO)) == pytest.approx(3.9 + 20.5)


def test_what_is_left_out_is_not_counted() -> None:
    assert lead_without_builds(trial(TWO)) == pytest.approx(20.5)
    assert lead_until_serving(trial(TWO)) == pytest.approx(3.2 + 20.5 - 1.0)


def test_the_first_to_end_may_be_the_last_that_was_ordered() -> None:
    notes = [note(10.0, 15.0, build_seconds=1.0), note(10.1, 8.0, build_seconds=2.0)]
    assert lead_seconds(trial(notes)) == pytest.approx(2.0 + 15.0)


def test_without_a_release_there_is_no_time() -> None:
    assert lead_seconds(trial([])) is None
    assert lead_seconds(trial([{"change": "field-added", "ordered_at": 1.0}])) is None


def test_the_committed_run_is_read_in_the_same_way() -> None:
    """Block 1's two teams: builds of 3.18 and 0.70 s, a release from 9.99 to 30.33 s."""
    folder = ResultsFolder.open(EXAMPLE)
    (path,) = (it for it in folder.trials() if it.name.endswith("block1-two-teams-monolith"))
    found = load_trial(folder, path)
    builds = [note["build_seconds"] for note in found.document["actions"]]
    alone = lead_without_builds(found)
    assert alone is not None
    assert len(builds) == 2
    assert lead_seconds(found) == pytest.approx(alone + max(builds))
    assert lead_with_builds_in_turn(found) == pytest.approx(alone + sum(builds))


def test_every_claim_is_measured_and_has_alternatives_of_known_scenarios() -> None:
    assert [question.claim for question in QUESTIONS] == list(CLAIMS)
    known = {scenario.name for scenario in SCENARIOS}
    for question in QUESTIONS:
        ways = [question.way, *question.alternatives.values()]
        assert {way.scenario for way in ways} <= known
        assert len(question.alternatives) >= 3
        assert question.claim.depends
