"""The page of the recognizer follows its document."""

import re
from typing import Any

import pytest
from msgspec.structs import replace

from benchmarks.report.findings import recognizer
from benchmarks.report.findings.errors import OutdatedSentencesError
from benchmarks.report.findings.markdown import environment
from benchmarks.report.recognizer.figure import figure
from benchmarks.results_model.recognizer import RecognizerResults
from benchmarks.tests.recognizer.made_up import document

LONGEST_LINE = 530


def rendered(found: RecognizerResults) -> str:
    template = environment().get_template(f"{recognizer.NAME}.md.j2")
    return template.render(recognizer.context(found))


def test_the_page_begins_with_its_answer_and_one_figure() -> None:
    opening, _, rest = rendered(document()).partition("\n## ")
    assert opening.startswith("# ")
    assert "**For a decision:**" in opening
    assert "0.80 (" in opening
    assert opening.count("](images/recognizer.svg)") == 1
    assert "## What this doesn't show" in rest


def test_tables_have_five_columns_at_most_and_lines_are_short() -> None:
    lines = rendered(document()).splitlines()
    assert max(line.count("---") for line in lines if line.startswith("| ---")) <= 5
    assert max(map(len, lines)) <= LONGEST_LINE


@pytest.mark.parametrize(
    ("latencies", "sentence"),
    [((100, 80, 90), "takes less time than"), ((100, 80, 130), "takes no less time than")],
)
def test_the_advice_follows_the_intervals(latencies: Any, sentence: str) -> None:
    assert sentence in rendered(document(latencies))


def test_a_run_with_fewer_faces_than_thumbor_is_refused() -> None:
    found = document()
    fewer = [replace(it, faces=1 if it.name == "monolith" else 2) for it in found.contenders]
    with pytest.raises(OutdatedSentencesError, match="fewer faces"):
        recognizer.context(replace(found, contenders=fewer))


def test_the_figure_describes_each_line() -> None:
    drawn = figure(document())
    description = re.findall(r"<desc[^>]*>(.*?)</desc>", drawn)[0]
    assert "decoding and encoding: 320 2.4" in description
    assert 'role="img"' in drawn


@pytest.mark.parametrize(("load", "is_warned"), [(0.4, False), (1.9, False), (2.0, True)])
def test_a_run_on_a_busy_machine_has_a_warning(load: float, is_warned: bool) -> None:
    found = document()
    environment_of_run = {**found.environment, "load_average_before": [load, 0.3, 0.2]}
    page = rendered(replace(found, environment=environment_of_run))
    assert ("longer than on a quiet machine" in page) == is_warned
