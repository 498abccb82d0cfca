"""How soon a change is stopped, by the gates that both sides have, and in other ways."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks.analysis.verdicts import Verdict
from benchmarks.experiments.contract import FILE, stops
from benchmarks.experiments.contract.gates import GATES, PACTS, STRUCTURE, SUITE, TYPES
from benchmarks.experiments.contract.summary import summarize
from benchmarks.raw_files import open_raw
from benchmarks.repository import REPOSITORY
from benchmarks.results_model.contract import Change, ChangeSide, GateVerdict

EXAMPLE = REPOSITORY / "benchmarks" / "results" / "example-contract"
Gates = Mapping[str, float]  # seconds, below 0 for a gate that passes the change
MONOLITH = {TYPES: -2.0, SUITE: 9.0, STRUCTURE: 0.2, PACTS: 10.0}
SERVICES = {TYPES: -1.0, SUITE: 8.0, STRUCTURE: 0.1, PACTS: 12.0}


def change(monolith: Gates, services: Gates, *, seen_by: str = "the page") -> Change:
    return Change(
        name="a-change",
        description="Something is renamed.",
        kind="breaking",
        seen_by=seen_by,
        sides={"monolith": _side(monolith), "microservices": _side(services)},
    )


def _side(gates: Gates) -> ChangeSide:
    return ChangeSide(
        unit="a-unit",
        gates=[
            GateVerdict(gate=gate, stops=seconds > 0, seconds=abs(seconds), output=[])  # type: ignore[arg-type]
            for gate, seconds in gates.items()
        ],
    )


def test_the_quickest_gate_that_stops_it_counts() -> None:
    assert stops.pair(change(MONOLITH, SERVICES)) == (0.2, 0.1)
    passed = {**MONOLITH, SUITE: -9.0, STRUCTURE: -0.2, PACTS: -10.0}
    assert stops.pair(change(passed, SERVICES)) == (None, 0.1), "nothing stops it"


def test_a_gate_that_one_side_was_denied_decides_nothing() -> None:
    """As in runs before December 2026: the monolith's descriptions weren't compared."""
    denied = {gate: seconds for gate, seconds in MONOLITH.items() if gate != STRUCTURE}
    assert stops.pair(change(denied, SERVICES)) == (9.0, 8.0)
    assert stops.pair(change(MONOLITH, {TYPES: 7.0, PACTS: 3.0})) == (10.0, 3.0)


@pytest.mark.parametrize(
    ("variation", "seen_by", "expected"),
    [
        ("without the comparison of descriptions, on either side", "the page", (9.0, 8.0)),
        ("only changes between components, which the page doesn't see", "the page", (None, None)),
        ("only changes between components, which the page doesn't see", "accounts", (0.2, 0.1)),
        ("one gate after another: structure, types, pacts, suite", "the page", (0.2, 0.1)),
        (
            "without the unit's own tests, which an author changes along",
            "the page",
            (0.2, 0.1),
        ),
    ],
)
def test_the_seconds_are_measured_in_other_ways(
    variation: str, seen_by: str, expected: tuple[float | None, float | None]
) -> None:
    assert stops.ALTERNATIVES[variation](change(MONOLITH, SERVICES, seen_by=seen_by)) == expected


def test_gates_in_turn_add_up_until_one_stops_it() -> None:
    assert set(stops.CHEAPEST_FIRST) == set(GATES)
    late = {**MONOLITH, STRUCTURE: -0.5}
    assert stops.pair(change(late, SERVICES), stops.in_turn) == (12.5, 0.1)


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """The committed run as it was before December 2026: the monolith's descriptions unread."""
    document = json.loads((open_raw(EXAMPLE) / FILE).read_text(encoding="utf-8"))
    for checked in document["changes"]:
        if checked["architecture"] == "monolith":
            checked["gates"] = [it for it in checked["gates"] if it["gate"] != STRUCTURE]
    (tmp_path / FILE).write_text(json.dumps(document), encoding="utf-8")
    return tmp_path


def test_an_earlier_run_is_read_and_its_missing_gate_is_left_out(earlier: Path) -> None:
    found, whole = summarize(earlier), summarize(open_raw(EXAMPLE))
    (claim,), (compared,) = found.claims, whole.claims
    assert STRUCTURE not in found.gates["monolith"]
    assert STRUCTURE in found.gates["microservices"]
    breaking = [it for it in found.changes if it.kind == "breaking"]
    assert len(claim.blocks) == len(compared.blocks) == len(breaking) > 5
    assert claim.value is not None
    assert compared.value is not None
    assert claim.verdict is not Verdict.SUPPORTED
    assert claim.value != compared.value
    without = next(it for it in claim.alternatives if it.variation.startswith("without the comp"))
    assert without.value == claim.value
