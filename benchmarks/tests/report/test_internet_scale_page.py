"""The page on larger loads: its sentences follow from the figures, and it fits a phone."""

import io
import math
import re

import pytest
from msgspec.structs import replace
from rich.console import Console

from benchmarks.planning.document import PlanDocument, ValidatedPoint, read_plan
from benchmarks.planning.sources import PLAN
from benchmarks.report.findings import internet_scale
from benchmarks.report.findings.markdown import environment
from benchmarks.report.findings.pages import DOCS, RESULTS
from benchmarks.report.planning import names, terminal
from benchmarks.report.planning.figure import figure

MOST_LINES, LONGEST_LINE, MOST_COLUMNS = 190, 530, 5
NARROW = "\u202f"


@pytest.fixture(scope="module")
def committed() -> PlanDocument:
    return read_plan(RESULTS / PLAN)


def rendered(found: PlanDocument) -> str:
    template = environment().get_template(f"{internet_scale.NAME}.md.j2")
    return str(template.render(internet_scale.context(found)))


def with_points(document: PlanDocument, **changed: object) -> PlanDocument:
    """Return the document with all its points changed."""
    points = [replace(it, **changed) for it in document.validation.points]
    return replace(document, validation=replace(document.validation, points=points))


def test_the_committed_page_is_short_and_has_narrow_tables() -> None:
    lines = (DOCS / f"{internet_scale.NAME}.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= LONGEST_LINE
    assert max(line.count("---") for line in lines if line.startswith("| ---")) <= MOST_COLUMNS


def test_every_point_has_a_row(committed: PlanDocument) -> None:
    text = rendered(committed).split("<details>")[1].split("</details>")[0]
    rows = [line for line in text.splitlines() if line.startswith("| ")][2:]
    cells = [cell for row in rows for cell in row.split(" | ")[1].split("; ")]
    assert len(cells) == len(committed.validation.points)
    named = [row.split(" | ")[0] for row in rows]
    assert len(set(named)) == len(named)
    no = sum(not it.is_throughput_within for it in committed.validation.points)
    no += sum(it.is_p95_within is False for it in committed.validation.points)
    assert text.count("**no**") == no > 0


def test_where_the_model_fails_is_stated_first(committed: PlanDocument) -> None:
    first = rendered(committed).split("\n- ")[1]
    points = committed.validation.points
    assert f"at {sum(it.is_throughput_within for it in points)} of {len(points)} points" in first
    failures = {title: 0 for title, _ in internet_scale.SWEEPS.values()}
    for point in points:
        title, _ = internet_scale.SWEEPS[point.run, point.sweep]
        failures[title] += not point.is_throughput_within or point.is_p95_within is False
    assert any(failures.values())
    for title, count in failures.items():  # where it fails, and not where it doesn't
        assert (f"“{title}” (" in first) == bool(count)
    computing = [it for it in points if (it.run, it.sweep) == ("example", "replicas-working")]
    slow = sum(not it.is_throughput_within for it in computing)
    assert slow
    assert f"“1 and 4 workers that compute” (the throughput at {slow})" in first


def test_a_model_that_fails_nowhere(committed: PlanDocument) -> None:
    text = rendered(with_points(committed, is_throughput_within=True, is_p95_within=True))
    assert "It fails nowhere." in text
    assert "Where it fails" not in text
    assert "Percentiles outside the tolerance" not in text
    assert "**no**" not in text


def test_a_model_that_fails_everywhere(committed: PlanDocument) -> None:
    text = rendered(with_points(committed, is_throughput_within=False, is_p95_within=False))
    for title, _ in internet_scale.SWEEPS.values():
        assert f"“{title}”" in text.split("\n- ")[1]
    assert "| load, closed and open | 0 of 16 | 0 of 16 |" in text
    count = len(committed.validation.points)
    assert f"Percentiles outside the tolerance: {count}; of these, within" in text


def test_a_sweep_without_a_title_is_an_error(committed: PlanDocument) -> None:
    with pytest.raises(KeyError):
        rendered(with_points(committed, sweep="another"))


@pytest.mark.parametrize(("second", "follows"), [(120.0, False), (160.0, False), (170.0, True)])
def test_whether_a_model_can_agree_with_two_runs(
    committed: PlanDocument, second: float, follows: bool
) -> None:
    """A value is within 25 % of 100 and of another one only up to 166.7: 125 by 0.75."""
    (level, *_) = committed.validation.repeated
    level = replace(level, first_ms=100.0, second_ms=second, difference=second / 100 - 1)
    text = internet_scale.repeated(replace(committed.validation, repeated=[level]))
    assert f"differ by {second - 100:.0f}{NARROW}%" in text
    assert ("no model can be within" in text) is follows


def test_a_plan_that_doesn_t_agree_with_the_hand_is_reported(committed: PlanDocument) -> None:
    assert rendered(committed).count("the two agree.") == 2
    none = replace(committed.validation, stated_error=dict.fromkeys(names.SIDES, 0.0))
    assert "the two **don't agree**." in rendered(replace(committed, validation=none))


def test_both_sides_have_a_cell_for_each_load(committed: PlanDocument) -> None:
    text = rendered(committed)
    rows = re.findall(r"^\| (?:web|worker) \| (.*) \|$", text, re.MULTILINE)
    assert sum(row.count(" · ") for row in rows) == 2 * len(committed.plans)
    web, worker = (row.split(" | ")[0].split(" · ") for row in rows[2:])
    assert int(worker[0]) > int(web[0])


def test_a_point_without_a_percentile_has_a_dash(committed: PlanDocument) -> None:
    point: ValidatedPoint = replace(
        committed.validation.points[0], p95_ms=None, p95_error=None, is_p95_within=None
    )
    assert internet_scale.cells(point)[1] == "\u2013"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0034, "0.0034"),
        (2.68, "2.7"),
        (88.0, "88"),
        (9_999.0, "10k"),
        (1e5, "100k"),
        (1e7, "10M"),
    ],
)
def test_an_amount_has_three_digits_that_count(value: float, expected: str) -> None:
    assert names.amount(value) == expected


@pytest.mark.parametrize(
    ("share", "expected"), [(0.154, "+15"), (-0.284, "\u221228"), (0.004, "0"), (-0.004, "0")]
)
def test_a_difference_has_a_sign_unless_it_is_none(share: float, expected: str) -> None:
    assert names.signed(share) == f"{expected}{NARROW}%"


def test_the_terminal_names_the_first_limit_and_the_arithmetic(committed: PlanDocument) -> None:
    console = Console(file=io.StringIO(), width=100)
    terminal.show(committed.plans[-1], committed.validation, console)
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert "services: the first limit is Valkey's one thread of commands" in text
    (services,) = (
        it for it in committed.plans[-1].architectures if it.architecture == "microservices"
    )
    first = services.limits[0]
    assert first.parts == math.ceil(1e8 / first.per_day) > 1
    assert f"this load needs {first.parts} of it" in text
    assert text.count("Scaled by hand: ") == 2


def test_the_figure_describes_what_it_shows(committed: PlanDocument) -> None:
    drawing = figure(committed)
    assert "100M submissions a day: monolith " in drawing
    assert drawing.count("<title") == 1
