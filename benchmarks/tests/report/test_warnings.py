"""The warnings of a report: one for each limitation of a run, and none without one."""

from dataclasses import replace as replace_trial
from typing import Any

import pytest
from msgspec.structs import replace

from benchmarks.report import rendering
from benchmarks.report.warnings import balance, warnings
from benchmarks.results_model.document import ResultsDocument
from benchmarks.tests.report.made_up import Circumstances
from benchmarks.tests.report.sample import (
    EXTERNAL,
    SWEEPS,
    every_trial,
    external_trials,
    first_trial,
    results,
    scaling,
    trials,
    unsaturated,
)


def warned(document: ResultsDocument) -> list[str]:
    return warnings(document, scaling(document))


def test_a_sound_run_has_none() -> None:
    assert warned(results(trials())) == []


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ({"status": "interrupted", "finished_at": None}, "The run is not complete: interrupted."),
        ({"core_shared": True}, "The load generator shared a core with the target"),
        ({"resumed_at": ["2026-01-02T04:00:00+00:00"]}, "The run was stopped and resumed (1 time)"),
    ],
)
def test_a_run_that_was_not_as_planned_has_a_warning(run: dict[str, Any], expected: str) -> None:
    (warning,) = warned(results(trials(), **run))
    assert warning.startswith(expected)


def on_three_cores(document: ResultsDocument) -> ResultsDocument:
    cpu = {**document.environment["cpu"], "target_cores": [0, 1, 2]}
    return replace(document, environment={**document.environment, "cpu": cpu})


def test_a_target_on_several_cores_has_a_warning_and_is_named_on_the_page() -> None:
    document = results(trials())
    several = on_three_cores(document)
    (warning,) = warned(several)
    assert warning.startswith("The target had 3 cores")
    assert "comparable with a run on one core" in warning
    page = rendering.render(several)
    assert "on the same 3 cores, loaded in turn" in page
    assert "3 cores for everything" in page
    assert "on the same core, loaded in turn" in rendering.render(document)


def test_other_work_on_the_target_s_core_has_a_warning() -> None:
    (warning,) = warned(results(trials(others=0.6)))
    assert "Other processes used 10\u202f% of the target's core" in warning
    assert "leaves these trials without a capacity: load (microservices 1 of 3)." in warning
    _, several = warned(on_three_cores(results(trials(others=0.6))))
    assert "Other processes used 3\u202f% of the target's 3 cores" in several


def test_other_work_in_trials_without_levels_has_a_warning_too() -> None:
    """A run of the overhead sweep alone has no level."""
    (found,) = (it for it in SWEEPS if it.name == "overhead")
    disturbed = [
        replace_trial(it, disturbed=True) for it in every_trial() if it.sweep == "overhead"
    ]
    (warning,) = warned(results(disturbed, [found]))
    assert warning.startswith("Other processes used over a tenth of the target's core")


def test_a_trial_that_was_not_saturated_has_a_warning() -> None:
    (warning,) = warned(results([unsaturated(it) for it in trials()[:4]]))
    assert warning.startswith("Not saturated, so without a capacity: all 4.")


def test_a_clock_far_off_has_a_warning_and_a_near_one_has_none() -> None:
    far = results([first_trial(Circumstances(skew_ms=-1500.0))])
    assert "1.5 s apart" in " ".join(warned(far))
    near = results([first_trial(Circumstances(skew_ms=900.0))])
    assert "apart" not in " ".join(warned(near))


def test_external_targets_have_a_warning() -> None:
    document = results(external_trials(), [EXTERNAL])
    (warning,) = warned(document)
    assert "they were not fresh, their stores were not read" in warning
    found = balance(scaling(document).trials)
    assert (found["results"], found["balanced"]) == (None, True)


def test_the_balance_is_of_all_trials() -> None:
    sound = balance(scaling(results(trials())).trials)
    assert sound["accepted"] == sound["rows"] == sound["results"] > 1000
    assert (sound["trials"], sound["void"], sound["balanced"]) == (6, 0, True)
    lossy = balance(scaling(results(trials(lost=2))).trials)
    assert lossy["rows"] == lossy["accepted"] - 2
    assert (lossy["void"], lossy["balanced"]) == (1, False)
