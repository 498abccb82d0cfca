"""The verdict on a self-check: each thing that must be found, and each false alarm, decides."""

from typing import Any

import pytest
from rich.console import Console

from benchmarks.selfcheck import outcome


def document(**changes: Any) -> dict[str, Any]:
    """A check in which all is as it should be, with changes to its pages."""
    seconds = {"mean": 1.02, "low": 0.8, "high": 1.2, "method": ""}
    pages: dict[str, Any] = {
        "pages": 100,
        "false_alarms": {"scaling": 5, "deploy": 0, "isolation": 1},
        "any_false_alarm": 6,
        "planted": [
            {"what": "cpu", "claim": "c", "supported": 90, "seconds": None, "measured": None},
            {"what": "s", "claim": "l", "supported": 3, "seconds": 1.0, "measured": seconds},
        ],
    }
    series = {
        "bias": {"ratio": 1.0, "low": 0.99, "high": 1.01},
        "false_alarms": 1,
        "comparisons": 20,
        "comparison_blocks": 5,
        "hits": 18,
        "slowed_ratio": 1.11,
        "planted_share": 0.10,
        "smallest_effects": {"quick": 0.07},
    }
    return {"injected_faults": [{"found": True}], "series": series, "pages": pages | changes}


def test_a_check_that_found_everything_passes() -> None:
    assert outcome.passed(document())
    assert outcome.passed({**document(), "series": None, "pages": None})


def planted(index: int, **fields: Any) -> list[dict[str, Any]]:
    """The planted effects, one of them changed."""
    found: list[dict[str, Any]] = document()["pages"]["planted"]
    found[index] = found[index] | fields
    return found


@pytest.mark.parametrize(
    "changes",
    [
        {"false_alarms": {"scaling": 6, "deploy": 0, "isolation": 0}},
        {"false_alarms": {"scaling": 0, "deploy": 0, "isolation": 6}},
        {"planted": planted(0, supported=89)},
        {"planted": planted(1, measured={"mean": 0.5, "low": -0.1, "high": 1.2})},
        {"planted": planted(1, measured={"mean": 0.5, "low": 0.2, "high": 0.9})},
        {"planted": planted(1, measured={"mean": 2.0, "low": 1.5, "high": 2.5})},
    ],
)
def test_a_false_alarm_or_what_is_not_found_fails(changes: dict[str, Any]) -> None:
    assert not outcome.passed(document(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"false_alarms": 2},
        {"hits": 17},
        {"bias": {"ratio": 1.01, "low": 1.001, "high": 1.02}},
        {"slowed_ratio": 1.05},
    ],
)
def test_a_series_that_is_wrong_fails(changes: dict[str, Any]) -> None:
    found = document()
    assert not outcome.passed({**found, "series": found["series"] | changes})


def test_a_fault_that_was_not_found_fails() -> None:
    assert not outcome.passed({**document(), "injected_faults": [{"found": False}]})


def test_the_table_has_every_figure_and_marks_what_is_wrong() -> None:
    console = Console(record=True, width=200)
    outcome.show({**document(planted=planted(0, supported=89)), "injected_faults": []}, console)
    text = console.export_text()
    assert "any claim decided in 5 of 100" in text
    assert "decided in 6 of 100" in text
    assert "1.02 s [0.80 to 1.20]; l supported in 3 of 100 quick runs" in text
    assert text.count("NO") == 1
