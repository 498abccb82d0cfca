"""The first page of a comparison: both sides' values beside each ratio or difference."""

import re
from io import StringIO

import pytest
from markupsafe import escape
from msgspec.structs import replace
from rich.console import Console

from benchmarks.report import lead, overview
from benchmarks.report.headlines import HEADLINES
from benchmarks.repository import REPOSITORY
from benchmarks.results_model import reading
from benchmarks.results_model.claims import JudgedClaim
from benchmarks.results_model.document import ResultsDocument
from benchmarks.tests.report.judged import claim_of, difference_of
from benchmarks.tests.report.outline import Outline

RUN = {"id": "the-run", "profile": "quick", "seed": 7, "started_at": "2026-01-01T00:00:00+00:00"}


def example(name: str) -> ResultsDocument:
    return reading.read(REPOSITORY / "benchmarks" / "results" / name / "results.json")


@pytest.fixture(scope="module")
def scaling() -> ResultsDocument:
    return example("example")


def with_claims(document: ResultsDocument, *claims: JudgedClaim) -> ResultsDocument:
    results = replace(document.results, claims=list(claims))
    return replace(document, experiments={document.experiment: results})


def test_each_side_has_its_own_value_of_a_ratio() -> None:
    """The claim names the services first; the table has the monolith first."""
    row = overview.row_of(claim_of())
    assert (row.monolith, row.services) == ("80.0 ms", "100 ms")
    assert (row.compared, row.interval) == ("1.250", "1.150 to 1.350")
    assert row.of == "services \u00f7 monolith"
    assert (row.verdict, row.verdict_class) == ("supported", "holds")


def test_each_side_has_its_own_value_of_a_difference() -> None:
    row = overview.row_of(difference_of())
    assert row.monolith.startswith("70.0")
    assert row.services.startswith("80.0")
    assert (row.compared, row.interval) == ("+10.0 points", "+5.0 to +15.0 points")
    assert row.of == "services \u2212 monolith"
    assert row.verdict_class == "holds"


def test_a_side_that_is_not_the_whole_has_its_name() -> None:
    row = overview.row_of(
        claim_of(first_side="monolith, whole", second_side="recognition service alone")
    )
    assert row.monolith == "monolith, whole: 100 ms"
    assert row.services == "recognition service alone: 80.0 ms"


def test_a_claim_that_does_not_compare_the_architectures_has_no_side() -> None:
    row = overview.row_of(claim_of(first_side="with a queue", second_side="without one"))
    assert (row.monolith, row.services) == ("\u2013", "\u2013")
    assert row.of == "with a queue \u00f7 without one: with a queue 100 ms, without one 80.0 ms"


def test_the_page_opens_with_one_row_for_each_experiment_and_shows_what_is_missing(
    scaling: ResultsDocument,
) -> None:
    stopped = replace(scaling, run=replace(scaling.run, status="interrupted"))
    page = overview.render([overview.part_of(stopped)], missing=["deploy"], run=RUN, cpu="a CPU")
    answers = page.split("The answers</h2>")[1].split("</section>")[0]
    assert answers.count('<th scope="row"') == 1
    assert "Which side needs more CPU for the same work?" in answers
    assert 'href="scaling/report.html"' in answers
    assert "Not run: deploy." in page
    assert "The experiment scaling is not complete: interrupted." in page
    for claim in scaling.results.claims:
        assert escape(claim.statement) in page


def test_an_experiment_without_claims_is_no_error(scaling: ResultsDocument) -> None:
    part = overview.part_of(with_claims(scaling))
    page = overview.render([part], missing=[], run=RUN, cpu="")
    assert page.count("Nothing was measured that counts.") == 2


def test_the_page_answers_three_questions_and_what_it_does_not_show() -> None:
    parts = [
        overview.part_of(example(name))
        for name in ("example", "example-deploy", "example-isolation")
    ]
    page = overview.render(parts, missing=[], run=RUN, cpu="a CPU")
    outline = Outline(page)
    assert outline.open == []
    assert outline.count("script") == 0
    assert outline.count("table") == outline.count("caption") == 4
    assert page.index("The answers</h2>") < page.index("What this does not show</h2>")
    assert page.index("What this does not show</h2>") < page.index('<h2 id="scaling">')
    answers = page.split("The answers</h2>")[1].split("</section>")[0]
    rows = answers.split('<th scope="row"')[1:]
    for part, row in zip(parts, rows, strict=True):
        assert part.answer is not None
        for text in (part.question, part.answer.verdict, part.answer.reason, *part.facts):
            assert str(escape(text)).replace(" %", "\u202f%")[1:] in row
    assert "cross no network" in page


def test_the_facts_are_counts_of_both_sides() -> None:
    failed, slow = overview.part_of(example("example-deploy")).facts
    assert re.match(
        r"Failed requests: \d+ of [\d\u202f]+ in the monolith, \d+ of [\d\u202f]+ in the services",
        failed,
    )
    assert re.search(r"sign-in monolith \d+ of \d+, services \d+ of \d+; submit monolith ", slow)
    assert (
        overview.part_of(example("example-isolation"))
        .facts[0]
        .startswith("In the monolith it depends on what counts: ")
    )
    assert "0 lost and 0 doubled" in overview.part_of(example("example-faults")).facts[0]
    contract = overview.part_of(example("example-contract")).facts[1]
    assert re.search(
        r"services: (\d+) of \1 breaking changes were stopped, 0 of \d+ comp", contract
    )
    assert "is the work alone" in overview.part_of(example("example")).facts[0]


@pytest.mark.parametrize(
    "name", ["example", "example-deploy", "example-isolation", "example-contract", "example-faults"]
)
def test_the_answer_is_the_claim_that_the_question_is_about(name: str) -> None:
    """A renamed claim would silently give another answer."""
    document = example(name)
    assert HEADLINES[document.experiment].claim in {it.name for it in document.results.claims}
    part = overview.part_of(document)
    assert part.answer is not None
    wanted = HEADLINES[document.experiment].claim
    (claim,) = (it for it in document.results.claims if it.name == wanted)
    assert part.answer.statement == claim.statement


def test_an_experiment_of_its_own_has_its_title_and_its_first_claim(
    scaling: ResultsDocument,
) -> None:
    other = with_claims(scaling, claim_of(name="mine"), claim_of(name="more"))
    part = overview.part_of(other)
    assert part.answer is not None
    assert part.answer.statement == claim_of().statement


def test_the_terminal_has_the_answers(scaling: ResultsDocument) -> None:
    screen = StringIO()
    part = overview.part_of(with_claims(scaling, claim_of()))
    overview.show([part], Console(file=screen, width=80))
    assert "80.0 ms" in screen.getvalue()
    assert "services \u00f7 monolith = 1.250 [1.150 to 1.350]" in screen.getvalue()
    assert "“The services need more CPU.” supported." in screen.getvalue()


def test_the_page_opens_with_what_the_run_settles() -> None:
    parts = [overview.part_of(example(name)) for name in ("example", "example-isolation")]
    page = overview.render(parts, missing=[], run=RUN, cpu="a CPU")
    opening = page.split("The answers</h2>")[1].split("<table")[0]
    sizes = ", ".join(part.size for part in parts)
    settled = sum(part.is_settled for part in parts)
    assert f"This quick run ({sizes}) settles " in opening
    assert opening.count("<li>Settled: ") == settled
    assert opening.count("<li>Best guess: ") == len(parts) - settled
    assert "It repeats as little as a verdict allows" in opening


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (
            [("5 blocks", False), ("8 faults", False)],
            "(5 blocks, 8 faults) settles none of the two",
        ),
        ([("5 blocks", True), ("5 blocks", False)], "(5 blocks) settles one of the two questions."),
        ([("5 blocks", True), ("8 faults", True)], "settles all of the two questions."),
    ],
)
def test_settled_questions_are_counted(answers: list[tuple[str, bool]], expected: str) -> None:
    assert expected in lead.settled("quick", answers)


def test_a_claim_without_a_value_has_no_row_and_is_named(scaling: ResultsDocument) -> None:
    other = claim_of(name="capacity", statement="It completes more.", value=None, blocks=[])
    part = overview.part_of(with_claims(scaling, claim_of(), other))
    assert [row.statement for row in part.rows] == [claim_of().statement]
    page = overview.render([part], missing=[], run=RUN, cpu="")
    assert "Not measured in this run: “It completes more.”" in page


def test_each_row_has_the_other_ways_of_measuring_and_its_drawing() -> None:
    row = overview.row_of(claim_of())
    assert row.otherwise == "Measured in 1 other way: 1 inconclusive."
    assert "strip-band" in row.plot
    assert overview.row_of(difference_of()).otherwise == ""


def test_what_lies_beyond_the_floor_is_compared(scaling: ResultsDocument) -> None:
    claim = claim_of(name="cpu-per-submission", first=90.0, second=80.0)
    results = replace(scaling.results, claims=[claim], floor_cpu_ms=50.0)
    part = overview.part_of(replace(scaling, experiments={"scaling": results}))
    (fact,) = part.facts
    assert fact == (
        "50.0 ms of it is the work alone: to fetch, recognize and store an image. Beyond it the "
        "monolith takes 30.0 ms and the services 40.0 ms (+33\u202f%)."
    )


def test_the_first_page_stays_short() -> None:
    parts = [
        overview.part_of(example(name))
        for name in ("example", "example-deploy", "example-isolation")
    ]
    page = overview.render(parts, missing=[], run=RUN, cpu="a CPU")
    before = page.split("<body>")[1].split('<h2 id="scaling">')[0]
    words = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", before, flags=re.DOTALL).split()
    assert len(words) < 720
