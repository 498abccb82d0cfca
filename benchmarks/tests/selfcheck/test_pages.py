"""Simulated runs: equal trials take both places, and the experiment's own summary judges them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from benchmarks.analysis.verdicts import Verdict
from benchmarks.selfcheck.pages import (
    Places,
    alarms,
    simulated_pages,
    supported,
    together,
)

PLACES = Places("load", "monolith", "microservices")
ALIKE = (("plain", "again"), ("again", "plain"))


@dataclass(frozen=True)
class FakeTrial:
    """Has what a simulated run reads of a trial."""

    document: dict[str, Any]
    sweep: str = "load"
    counted: bool = True

    @property
    def arm(self) -> str:
        return str(self.document["arm"])

    @property
    def block(self) -> int:
        return int(self.document["block"])


@dataclass(frozen=True)
class FakeClaim:
    name: str
    verdict: Verdict | None


def series(blocks: int) -> list[Any]:
    floor = FakeTrial({"arm": "floor", "block": 1}, sweep="floor")
    return [floor] + [
        FakeTrial({"arm": arm, "block": block, "of": f"{arm} {block}"})
        for block in range(1, blocks + 1)
        for arm in ("plain", "again", "slower")
    ]


def test_a_simulated_run_has_both_places_in_every_block_and_the_floor() -> None:
    seen: list[list[Any]] = []

    def judge(trials: Sequence[Any]) -> list[Any]:
        seen.append([*trials])
        return []

    simulated_pages(series(8), judge, PLACES, draw=ALIKE, blocks=5, seed=1, pages=30)
    assert len(seen) == 30
    for trials in seen:
        floor, *rest = trials
        assert floor.sweep == "floor"
        assert [(it.block, it.arm) for it in rest] == [
            (block, arm) for block in range(1, 6) for arm in ("monolith", "microservices")
        ]
        assert len({it.document["of"] for it in rest}) == 10
        assert not any("slower" in it.document["of"] for it in rest)
    firsts = [trials[1].document["of"] for trials in seen]
    assert len(set(firsts)) > 8  # blocks are drawn, and the arms' order in them


def test_a_planted_arm_takes_its_place() -> None:
    def judge(trials: Sequence[Any]) -> list[Any]:
        later = [it.document["of"] for it in trials if it.arm == "microservices"]
        assert all(it.startswith("slower") for it in later)
        return [FakeClaim("cpu", Verdict.SUPPORTED), FakeClaim("again", None)]

    draw = (("plain", "slower"), ("again", "slower"))
    found = simulated_pages(series(6), judge, PLACES, draw=draw, blocks=5, seed=1, pages=7)
    assert supported(found, "cpu") == 7
    assert alarms(found) == 7


def test_a_void_trial_is_drawn_in_no_run() -> None:
    trials = series(6)
    trials[1] = replace(trials[1], counted=False)

    def judge(drawn: Sequence[Any]) -> list[Any]:
        assert not any(it.document.get("of", "").endswith(" 1") for it in drawn)
        return []

    simulated_pages(trials, judge, PLACES, draw=ALIKE, blocks=5, seed=1, pages=5)
    with pytest.raises(ValueError, match="only 5 whole blocks for runs of 6"):
        simulated_pages(trials, judge, PLACES, draw=ALIKE, blocks=6, seed=1, pages=5)


def test_an_alarm_is_any_claim_that_is_decided() -> None:
    quiet = {"a": Verdict.INCONCLUSIVE, "b": Verdict.NO_DIFFERENCE, "c": None}
    loud = {**quiet, "b": Verdict.NOT_SUPPORTED}
    assert alarms([quiet, loud, quiet]) == 1
    assert together([[quiet, loud, quiet], [loud, loud, quiet]]) == 2
