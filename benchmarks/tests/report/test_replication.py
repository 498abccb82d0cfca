"""Two runs beside each other: each claim's verdicts, whether intervals meet, what differs."""

import dataclasses
import io
from typing import Any

import pytest
from msgspec.structs import replace
from rich.console import Console

from benchmarks.analysis.verdicts import Verdict
from benchmarks.report.replication import page, terminal
from benchmarks.report.replication.paired_claims import Agreement, PairedClaim, paired
from benchmarks.report.replication.pairs import Replication, replication_of
from benchmarks.repository import REPOSITORY
from benchmarks.results_model import reading
from benchmarks.results_model.arms import Arm
from benchmarks.results_model.document import ResultsDocument
from benchmarks.tests.report.judged import claim_of, difference_of, restating
from benchmarks.tests.report.outline import Outline
from benchmarks.tests.report.sample import everything, results, scaling, trials

NAMES = ("one", "other")


def pair(first: ResultsDocument, second: ResultsDocument) -> Replication:
    """Pair two runs of one experiment."""
    return replication_of(NAMES, {"scaling": first}, {"scaling": second})


def shown(found: Replication) -> str:
    text = io.StringIO()
    terminal.show(found, Console(file=text, width=200))
    return text.getvalue()


@pytest.fixture
def first() -> ResultsDocument:
    return results(trials())


@pytest.fixture
def second(first: ResultsDocument) -> ResultsDocument:
    """Return the same trials on a machine that needs twice the CPU."""
    found = scaling(first)
    slower = replace(found.sweeps[0], arms=[_slower(arm) for arm in found.sweeps[0].arms])
    return replace(
        first,
        run=replace(first.run, id="20260203T030405Z-standard"),
        environment={
            **first.environment,
            "cpu": {**first.environment["cpu"], "model": "Other CPU 9000"},
            "load_average_before": [9.0, 9.0, 9.0],
        },
        experiments={"scaling": replace(found, sweeps=[slower])},
    )


def _slower(arm: Arm) -> Arm:
    assert arm.cpu_ms_per_submission is not None
    assert arm.capacity is not None
    return replace(
        arm, cpu_ms_per_submission=arm.cpu_ms_per_submission * 2, capacity=arm.capacity / 2
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Verdict.SUPPORTED, Verdict.SUPPORTED, Agreement.SAME),
        (Verdict.SUPPORTED, Verdict.NOT_SUPPORTED, Agreement.FLIPS),
        (Verdict.NOT_SUPPORTED, Verdict.SUPPORTED, Agreement.FLIPS),
        (Verdict.SUPPORTED, Verdict.INCONCLUSIVE, Agreement.DIFFERS),
        (Verdict.NO_DIFFERENCE, Verdict.NOT_SUPPORTED, Agreement.DIFFERS),
    ],
)
def test_only_the_opposite_verdict_is_a_flip(
    one: Verdict, other: Verdict, expected: Agreement
) -> None:
    found = PairedClaim("scaling", claim_of(verdict=one), claim_of(verdict=other))
    assert found.agreement is expected


def test_a_claim_of_one_run_or_with_other_sides_has_no_pair() -> None:
    turned = claim_of(first_side="monolith", second_side="microservices")
    found = paired("scaling", [claim_of(), restating(name="b")], [turned, restating(name="b")])
    assert [it.agreement for it in found] == [
        Agreement.ONE_RUN,
        Agreement.SAME,
        Agreement.ONE_RUN,
    ]


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ((1.3, 1.4), "overlap"),
        ((1.4, 1.5), "lie apart"),
        ((0.1, 0.2), "lie apart"),
        ((None, None), "not known"),
    ],
)
def test_whether_the_intervals_meet_is_shown(interval: Any, expected: str) -> None:
    low, high = interval
    assert PairedClaim("a", claim_of(), claim_of(low=low, high=high)).intervals == expected


def planted(*second: Verdict) -> Replication:
    """Return the committed faults experiment and the same with other verdicts on its claims."""
    path = REPOSITORY / "benchmarks" / "results" / "example-faults" / "results.json"
    found = reading.read(path)
    claims = [difference_of(name=str(place)) for place in range(len(second))]
    changed = [
        replace(claim, verdict=verdict) for claim, verdict in zip(claims, second, strict=True)
    ]
    one, other = (
        replace(found, experiments={"faults": replace(found.results, claims=it)})
        for it in (claims, changed)
    )
    return replication_of(NAMES, {"faults": one}, {"faults": other})


def test_a_claim_that_restates_another_is_not_counted() -> None:
    claims = [difference_of(name="0"), difference_of(name="1", restates="0")]
    pairs = tuple(PairedClaim("faults", claim, claim) for claim in claims)
    (experiment,) = planted(Verdict.SUPPORTED).experiments
    found = Replication(
        *NAMES, experiments=(dataclasses.replace(experiment, claims=pairs),), missing=()
    )
    assert found.summary.startswith("Of 1 claims in both runs, 1 have the same verdict")


def test_each_verdict_that_differs_is_named_and_a_flip_comes_first() -> None:
    found = planted(Verdict.SUPPORTED, Verdict.INCONCLUSIVE, Verdict.NOT_SUPPORTED)
    assert found.is_flipped
    assert found.summary == (
        "Of 3 claims in both runs, 1 have the same verdict, 1 another one, and 1 flip between "
        "supported and not supported."
    )
    lines = [line for line in shown(found).splitlines() if line.startswith("The verdict ")]
    assert lines == [
        "The verdict flips: faults, 2: supported | not supported",
        "The verdict differs: faults, 1: supported | inconclusive",
    ]
    drawn = page.render(found)
    assert '<span class="verdict fails">flips</span>' in drawn
    assert drawn.index("The verdict flips:") < drawn.index("The verdict differs:")
    assert Outline(drawn).open == []


def test_verdicts_that_only_differ_are_no_flip() -> None:
    found = planted(Verdict.INCONCLUSIVE, Verdict.NO_DIFFERENCE)
    assert not found.is_flipped
    assert len(found.disagreeing) == 2


def test_every_experiment_can_be_set_side_by_side() -> None:
    folder = REPOSITORY / "benchmarks" / "results"
    documents = [
        reading.read(folder / name / "results.json")
        for name in ("example-deploy", "example-contract", "example-isolation", "example-faults")
    ]
    run = {document.experiment: document for document in documents}
    found = replication_of(NAMES, run, {**run, "scaling": results([])})
    assert found.missing == ("scaling",)
    assert {claim.agreement for claim in found.claims} == {Agreement.SAME}
    drawn = page.render(found)
    assert Outline(drawn).open == []
    assert "Only one of the runs has: scaling." in drawn
    for claim in found.claims:
        assert drawn.count(f'data-label="first">{""}') >= len(found.claims)
        assert claim.known.first_side in drawn


def test_only_what_differs_is_marked(first: ResultsDocument, second: ResultsDocument) -> None:
    (experiment,) = pair(first, second).experiments
    assert [it.name for it in experiment.conditions if it.differs] == ["cpu model"]
    assert "system kernel" in [it.name for it in experiment.conditions]
    drawn = page.render(pair(first, second))
    assert drawn.count('class="differs"') == 1
    assert "1 difference, marked." in drawn
    assert "different commits" not in drawn


def test_runs_of_two_commits_have_a_warning(first: ResultsDocument) -> None:
    source = {**first.environment["source"], "commit": "fedcba"}
    other = replace(first, environment={**first.environment, "source": source})
    assert "The runs are of different commits" in page.render(pair(first, other))


def test_arms_are_set_in_relation(first: ResultsDocument, second: ResultsDocument) -> None:
    (experiment,) = pair(first, second).experiments
    rows = experiment.arms[:2]
    assert [(it.arm, it.measure) for it in rows] == [
        ("monolith", "CPU-ms per submission"),
        ("monolith", "capacity, submissions/s"),
    ]
    assert [it.ratio for it in rows] == [pytest.approx(2.0), pytest.approx(0.5)]


def test_runs_of_different_sweeps_and_empty_ones_are_shown(first: ResultsDocument) -> None:
    for one, other in ((first, everything()), (everything(), first), (results([]), first)):
        outline = Outline(page.render(pair(one, other)))
        assert outline.open == []
        assert outline.count("script") == 0
        assert outline.count("table") == outline.count("caption")
    assert "This run doesn't have the claim." in page.render(pair(first, everything()))


def test_it_is_shown_in_the_terminal_too(first: ResultsDocument, second: ResultsDocument) -> None:
    text = shown(pair(first, second))
    assert "scaling differs: cpu model: Some CPU 3000 | Other CPU 9000" in text
    assert "overlap" in text
    assert "inconclusive" in text
    assert "2.000" in text
