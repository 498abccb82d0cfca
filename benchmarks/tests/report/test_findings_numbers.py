"""Claims and numbers as the findings pages write them."""

import pytest

from benchmarks.analysis.verdicts import Verdict
from benchmarks.report.findings.claims import Claim, by_name
from benchmarks.report.findings.errors import OutdatedSentencesError, require
from benchmarks.report.findings.markdown import cell, since, with_interval
from benchmarks.results_model.faults_figures import SecondsAfter
from benchmarks.results_model.figures import OverTrials, Ratio
from benchmarks.tests.report.judged import claim_of, difference_of, restating

NARROW = "\u202f"
RATIO = "The services need 1.25 times the CPU (1.15 to 1.35)"
SHARE = "Availability, microservices \u2212 monolith, is +10.0 points (+5.0 to +15.0 points)"


def test_a_ratio_in_words() -> None:
    found = Claim(claim_of())
    assert found.result == "1.250 (1.150 to 1.350)"
    assert (found.first, found.second) == ("services 100 ms", "monolith 80.0 ms")
    assert found.values == "100 ms and 80.0 ms"
    assert found.verdict == "supported"


def test_a_difference_in_words() -> None:
    found = Claim(difference_of())
    assert found.result == "+10.0 points (+5.0 to +15.0 points)"
    assert found.values == f"80.0{NARROW}% and 70.0{NARROW}%"


@pytest.mark.parametrize(
    ("verdict", "ending"),
    [
        (Verdict.SUPPORTED, "."),
        (Verdict.NOT_SUPPORTED, "; the claim is not supported."),
        (Verdict.NO_DIFFERENCE, ", which is no difference that matters."),
        (Verdict.INCONCLUSIVE, "; the verdict is inconclusive."),
    ],
)
def test_a_finding_has_its_verdict(verdict: Verdict, ending: str) -> None:
    assert Claim(claim_of(verdict=verdict)).finding == RATIO + ending
    assert Claim(difference_of(verdict=verdict)).finding == SHARE + ending


def test_a_restating_claim_is_a_figure_without_a_verdict() -> None:
    found = Claim(restating())
    assert found.finding == f"{RATIO}."
    assert found.verdict == "restates another claim"
    assert not found.is_supported
    assert not found.is_open


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (Verdict.SUPPORTED, "it does"),
        (Verdict.NOT_SUPPORTED, "it doesn't"),
        (Verdict.NO_DIFFERENCE, "it doesn't"),
        (Verdict.INCONCLUSIVE, "this run leaves open whether it does"),
    ],
)
def test_what_follows_for_a_decision_follows_from_the_verdict(
    verdict: Verdict, expected: str
) -> None:
    found = Claim(claim_of(verdict=verdict))
    assert found.decide("it does", "it doesn't", "whether it does") == expected


def test_a_claim_measured_otherwise_has_a_verdict_each() -> None:
    (other,) = Claim(claim_of()).otherwise
    assert (other.variation, other.result) == ("With a warm cache", "1.100 (0.900 to 1.300)")
    assert other.verdict == "inconclusive"


def test_what_was_not_measured_is_a_dash() -> None:
    nothing = {"value": None, "low": None, "high": None, "first": None, "second": None}
    found = Claim(difference_of(**nothing, words="Nothing was measured that counts."))
    assert (found.result, found.values) == ("\u2013", "\u2013 and \u2013")
    assert found.finding == "Nothing was measured that counts."


def test_claims_have_names_that_a_template_can_write() -> None:
    assert [*by_name([claim_of(name="open-latency")])] == ["open_latency"]


def test_what_is_required_is_named() -> None:
    require("n", shown=1, assumed=1)
    with pytest.raises(OutdatedSentencesError, match=r"n: .* assume 1, .* shows 2"):
        require("n", shown=2, assumed=1)


def test_numbers_in_cells() -> None:
    assert with_interval(OverTrials(mean=11.04, low=10.3, high=None, trials=1)) == "11.0"
    ratio = Ratio(ratio=0.9, low=0.8, high=1.0, method="", blocks=[])
    assert with_interval(ratio, 2) == "0.90 (0.80 to 1.00)"
    assert since(SecondsAfter(mean=1.24, longest=1.3, not_seen=1)) == f"1.2{NARROW}s; 1 not seen"
    assert since(SecondsAfter(mean=None, longest=None, not_seen=0)) == "\u2013"
    assert cell("a | b\nc") == "a \\| b c"
