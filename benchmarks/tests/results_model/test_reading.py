"""A results document is read whole or refused in one sentence that names the field."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from benchmarks.results_model import reading
from benchmarks.results_model.experiments import OtherResults, ScalingResults
from benchmarks.tests.report.sample import everything, results, scaling, trials


@cache
def _text() -> str:
    return json.dumps(reading.to_plain(results(trials())))


def plain() -> dict[str, Any]:
    """Return a whole document as JSON values, which a test may change."""
    found: dict[str, Any] = json.loads(_text())
    return found


def decode(document: Any) -> Any:
    return reading.decode(json.dumps(document).encode())


def test_a_document_survives_json() -> None:
    found = decode(reading.to_plain(everything()))
    assert found == everything()
    assert isinstance(found.results, ScalingResults)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda found: found.update(schema_version=2), "of schema version 2; this code reads 5"),
        (lambda found: found.pop("schema_version"), "of schema version None"),
        (
            lambda found: found["run"].pop("seed"),
            r"schema at \$\.run: .*required field `seed`",
        ),
        (lambda found: found["run"].update(extra=1), r"\$\.run: .*unknown field `extra`"),
        (lambda found: found["run"].update(seed="5"), r"at \$\.run\.seed: Expected `int`"),
        (
            lambda found: found["experiments"]["scaling"]["claims"][0].update(verdict="wins"),
            r"\$\.experiments\.scaling\.claims\[0\]\.verdict: Invalid enum value 'wins'",
        ),
        (
            lambda found: found["experiments"]["scaling"]["sweeps"][0]["arms"][0].pop("capacity"),
            r"\$\.experiments\.scaling\.sweeps\[0\]\.arms\[0\]: .*`capacity`",
        ),
        (
            lambda found: found["experiments"]["scaling"]["sweeps"][0].update(kind="race"),
            r"sweeps\[0\]\.kind: Invalid value 'race'",
        ),
        (
            lambda found: found["experiments"]["scaling"].update(experiment="deploy"),
            r"\$\.experiments\.scaling\.experiment: Invalid value 'deploy'",
        ),
        (
            lambda found: found["experiments"]["scaling"]["trials"][0].update(seconds=-1.0),
            r"trials\[0\]\.seconds: Expected `float` >= 0",
        ),
        (
            lambda found: found["experiments"].update(deploy={}),
            "of one experiment, and not of scaling, deploy",
        ),
    ],
)
def test_another_form_is_refused_in_a_sentence(
    change: Callable[[dict[str, Any]], Any], expected: str
) -> None:
    document = plain()
    change(document)
    with pytest.raises(reading.UnreadableResults, match=expected) as caught:
        decode(document)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("document", [None, [], "results", 1])
def test_what_is_no_document_is_refused(document: Any) -> None:
    with pytest.raises(reading.UnreadableResults, match="version None"):
        decode(document)


def test_a_number_that_json_lacks_is_refused() -> None:
    found = results(trials())
    endless = msgspec.structs.replace(found.run, bound_per_second=float("inf"))
    with pytest.raises(reading.UnreadableResults, match="can't be written as JSON"):
        reading.check(msgspec.structs.replace(found, run=endless))


def test_a_value_of_another_type_is_refused_before_it_is_written() -> None:
    found = results(trials())
    claim = msgspec.structs.replace(scaling(found).claims[0], verdict="wins")
    changed = msgspec.structs.replace(scaling(found), claims=[claim])
    document = msgspec.structs.replace(found, experiments={"scaling": changed})
    with pytest.raises(reading.UnreadableResults, match=r"claims\[0\]\.verdict"):
        reading.check(document)


def test_an_experiment_without_a_type_of_its_own_has_the_common_form() -> None:
    document = plain()
    found = document["experiments"].pop("scaling")
    document["experiments"]["throw_away"] = {**found, "experiment": "throw_away"}
    decoded = decode(document)
    assert isinstance(decoded.results, OtherResults)
    assert decoded.experiment == "throw_away"
    assert decoded.results.claims == scaling(results(trials())).claims
    document["experiments"]["throw_away"]["experiment"] = "another"
    with pytest.raises(reading.UnreadableResults, match=r"throw_away\.experiment is 'another'"):
        decode(document)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, "can't be read: No such file"),
        ('{"schema_version": 5, ', "are not JSON: "),
        ("\xff", "are not JSON: "),
        ('{"schema_version": 2}', "of schema version 2; this code reads 5."),
        ('{"schema_version": 5}', r"break the schema at \$: "),
    ],
)
def test_a_file_that_can_t_be_read_is_named_in_one_sentence(
    tmp_path: Path, text: str | None, expected: str
) -> None:
    path = tmp_path / "results.json"
    if text is not None:
        path.write_bytes(text.encode("latin-1"))
    with pytest.raises(reading.UnreadableResults, match=expected) as caught:
        reading.read(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
