"""Raw files of earlier runs are read by the names that their fields have now."""

import json

import pytest

from benchmarks.experiments.runner.earlier_names import earlier_name, renamed


def test_fields_of_an_earlier_run_are_renamed_and_the_others_kept() -> None:
    earlier = {"part": "accounts", "fault": "accounts-null"}
    assert renamed(earlier, "isolation side") == {"component": "accounts", "fault": "accounts-null"}
    now = {"component": "accounts"}
    assert renamed(now, "isolation side") == now


def test_a_file_has_one_earlier_name() -> None:
    assert json.dumps(renamed({earlier_name("suites.json", "isolation file"): 1}, "isolation file"))
    with pytest.raises(KeyError):
        earlier_name("packages.json", "isolation file")
