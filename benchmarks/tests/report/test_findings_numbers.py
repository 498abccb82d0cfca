"""Claims and numbers as the findings pages write them."""

from typing import Any

import pytest
from msgspec.structs import replace

from benchmarks.analysis.ratios import Side, Verdict
from benchmarks.experiments.faults.claims import RECOVERY, judge
from benchmarks.report.findings.claims import Claim, Sentence, differences, ratios, rows
from benchmarks.report.findings.errors import OutdatedSentencesError, require
from benchmarks.report.findings.markdown import cell, since, with_interval
from benchmarks.results_model.claims import RatioClaim
from benchmarks.results_model.faults_figures import SecondsAfter
from benchmarks.results_model.figures import OverTrials, Ratio
from benchmarks.results_model.isolation import ShareClaim

NARROW = "\u202f"


def claim(**changes: Any) -> RatioClaim:
    judged = RatioClaim(
        name="a",
        sweep="load",
        statement="More.",
        measure="seconds",
        unit="s",
        of="one ÷ other",
        claimed=Side.BELOW,
        ratio=0.952,
        low=0.907,
        high=0.998,
        confidence=0.95,
        method="BCa",
        blocks=[],
        verdict=Verdict.HOLDS,
        words="",
        scatter=None,
        blocks_for_5_percent=None,
        detectable=None,
    )
    return replace(judged, **changes)


def test_a_ratio_in_words() -> None:
    (found,) = ratios([claim()]).values()
    assert found.result == "0.952 (0.907 to 0.998)"
    assert found.change == f"4.8{NARROW}%"
    assert found.change_interval == f"0.2{NARROW}% to 9.3{NARROW}%"
    assert found.verdict == "supported"
    (large,) = ratios([claim(ratio=2.94, low=1.749, high=13.02)]).values()
    assert large.result == "2.94 (1.75 to 13.02)"
    assert large.factor_interval == "1.75 to 13.02"


def test_a_difference_in_words() -> None:
    shares = ShareClaim(
        name="a",
        statement="More.",
        measure="faults",
        of="one \u2212 other",
        faults=9,
        counts={},
        difference=0.137,
        low=-0.059,
        high=0.255,
        confidence=0.95,
        method="BCa",
        verdict=Verdict.TOO_CLOSE,
    )
    (found,) = differences([shares]).values()
    assert found.result == "+13.7 points (\u22125.9 to +25.5)"
    assert found.verdict == "inconclusive"
    (seconds,) = differences([judge(RECOVERY, {1: (2.0, 3.25)})]).values()
    assert seconds.amount == f"+1.2{NARROW}s"


def test_what_was_not_measured_is_a_dash() -> None:
    found = Claim("a", None, None, None, "", "not measured")
    assert (found.result, found.change, found.change_interval) == ("\u2013",) * 3


def test_a_claim_without_a_sentence_is_refused() -> None:
    sentences = {"a": Sentence("More.", verdict="supported")}
    assert rows(sentences, ratios([claim()])) == [("More.", ratios([claim()])["a"])]
    with pytest.raises(OutdatedSentencesError, match="claims"):
        rows(sentences, ratios([claim(), claim(name="b")]))
    with pytest.raises(OutdatedSentencesError, match="verdict of a"):
        rows(sentences, ratios([claim(verdict=Verdict.DOES_NOT_HOLD)]))


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
