"""From trials to the document: ratios in blocks, void trials apart, figures that add up."""

import pytest

from benchmarks.experiments.scaling_summary import summarize
from benchmarks.tests.report.sample import COSTS, trial, trials, unsaturated


def test_ratios_are_taken_within_blocks() -> None:
    """Each block's machine had its own speed; the ratio of each block is the same but for it."""
    claims = summarize(trials())["claims"]
    capacity = next(claim for claim in claims if claim["name"] == "capacity")
    assert [block["block"] for block in capacity["blocks"]] == [1, 2, 3]
    assert capacity["ratio"] == pytest.approx(1.2, rel=0.03)
    assert capacity["verdict"] == "holds"


def test_parts_add_up_to_the_whole() -> None:
    for name, arm in summarize(trials())["arms"].items():
        total = sum(part["cpu_ms"] for part in arm["cpu_parts"])
        assert total == pytest.approx(arm["cpu_ms_per_submission"])
        assert total == pytest.approx(sum(COSTS[name].values()), rel=0.02)
        for level in arm["levels"]:
            parts = sum(part["cpu_ms"] for part in level["cpu_parts"])
            assert parts == pytest.approx(level["cpu_ms_per_submission"]["mean"], rel=0.02)


def test_a_void_trial_is_listed_and_counts_for_nothing() -> None:
    whole, with_loss = summarize(trials()), summarize(trials(lost=1))
    assert [bool(it["void"]) for it in with_loss["trials"]] == [False] * 5 + [True]
    assert with_loss["arms"]["microservices"]["counted_trials"] == 2
    assert with_loss["arms"]["monolith"] == whole["arms"]["monolith"]
    for claim in with_loss["claims"]:
        assert [block["block"] for block in claim["blocks"]] == [1, 2], "its block has no pair"


def test_without_saturation_there_is_no_capacity_but_a_cost() -> None:
    measured = [unsaturated(it) for it in trials()]
    cost, capacity = summarize(measured)["claims"]
    assert capacity["blocks"] == []
    assert capacity["words"] == "Nothing was measured that counts."
    assert cost["blocks"]


def test_a_disturbed_trial_has_a_cost_but_no_capacity() -> None:
    measured = [*trials()[:5], trial(6, 3, "microservices", others=0.3)]
    found = summarize(measured)
    cost, capacity = found["claims"]
    assert [it["disturbed"] for it in found["trials"]] == [False] * 5 + [True]
    assert found["trials"][5]["void"] == []
    assert [block["block"] for block in cost["blocks"]] == [1, 2, 3]
    assert [block["block"] for block in capacity["blocks"]] == [1, 2]


def test_percentiles_are_of_all_rows_of_all_counted_trials() -> None:
    level = summarize(trials())["arms"]["monolith"]["levels"][-1]
    assert (
        level["ready_ms"]["count"]
        == level["completed"]
        == sum(
            next(it for it in one.levels if it.users == 8).completed
            for one in trials()
            if one.arm == "monolith"
        )
    )


def test_one_block_gives_a_ratio_without_an_interval() -> None:
    found = summarize([trial(1, 1, "monolith"), trial(2, 1, "microservices")])["claims"][0]
    assert found["ratio"] is not None
    assert found["low"] is None
    assert found["verdict"] == "too close to call on this machine"
    assert "in the one block that counts" in found["words"]


def test_nothing_measured_is_summed_up_too() -> None:
    found = summarize([])
    assert found["levels"] == []
    assert all(claim["ratio"] is None for claim in found["claims"])
