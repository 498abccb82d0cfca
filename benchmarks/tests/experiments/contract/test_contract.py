"""Offering changes to both sides, with gates whose verdicts are given."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import to_builtins

from benchmarks.experiments.catalogue.offers import OFFERS, Kind, Offer
from benchmarks.experiments.contract import FILE, checked_changes, run, sweeps
from benchmarks.experiments.contract.candidate import Candidate
from benchmarks.experiments.contract.gates import GATES, PACTS, STRUCTURE, Verdict, without_places
from benchmarks.experiments.contract.summary import summarize
from benchmarks.experiments.runner.errors import FolderError
from benchmarks.results_model.claims import ClaimBlock
from benchmarks.targets.errors import ReleaseError
from benchmarks.targets.git import resolve

BREAKING = next(it for it in OFFERS if it.kind == Kind.BREAKING)
COMPATIBLE = next(it for it in OFFERS if it.kind == Kind.COMPATIBLE)
BOTH = [BREAKING, COMPATIBLE]
CheckGate = Callable[[str, Candidate], Verdict]


class Gates:
    """Stops at each (gate, architecture) of `stopping`; records the calls."""

    def __init__(self, *stopping: tuple[str, str]) -> None:
        self.stopping = stopping
        self.calls: list[tuple[str, str, str]] = []
        self._lock = threading.Lock()

    def __call__(self, gate: str, candidate: Candidate) -> Verdict:
        with self._lock:
            self.calls.append((gate, candidate.architecture.name, candidate.commit))
        stops = (gate, candidate.architecture.name) in self.stopping
        return Verdict(gate, stops, 4.0 if gate == PACTS else 2.0, ("words",))


def offer(
    folder: Path, gates: CheckGate, offers: list[Offer] = BOTH
) -> tuple[list[str], list[str]]:
    lines: list[str] = []
    problems = run.run_offers(
        folder, offers, resolve("HEAD"), lines.append, store=folder / "store", check_gate=gates
    )
    return problems, lines


def test_both_sides_have_every_gate_and_what_is_kept_is_not_run_again(
    tmp_path: Path,
) -> None:
    gates = Gates()
    assert offer(tmp_path, gates)[0] == []
    assert len(gates.calls) == len(set(gates.calls)) == 2 * 2 * len(GATES)
    sides = {(gate, side) for gate, side, _ in gates.calls}
    assert sides == {(gate, side) for gate in GATES for side in ("monolith", "microservices")}
    again = Gates()
    assert offer(tmp_path, again) == ([], [])
    assert again.calls == []


def test_what_was_decided_wrongly_is_reported_during_the_run(tmp_path: Path) -> None:
    _, lines = offer(tmp_path, Gates((PACTS, "monolith")))
    wrong = {line.split("] ")[1].split(" (")[0] for line in lines if "<- wrong" in line}
    assert len(lines) == 4
    # Nothing stops the breaking one in the services; a pact stops the compatible one elsewhere.
    assert wrong == {BREAKING.change.name, COMPATIBLE.change.name}
    assert sum("<- wrong" in line for line in lines) == 2


def test_a_gate_that_can_t_be_run_is_reported_and_the_others_are_kept(tmp_path: Path) -> None:
    def gates(gate: str, candidate: Candidate) -> Verdict:
        if candidate.architecture.name == "monolith":
            message = "its environment can't be made"
            raise ReleaseError(message)
        return Verdict(gate, stops=False, seconds=1.0)

    problems, _ = offer(tmp_path, gates, [BREAKING])
    assert problems == [f"{BREAKING.change.name}: its environment can't be made"]
    (kept,) = checked_changes.read(tmp_path)
    assert kept["architecture"] == "microservices"
    assert summarize(tmp_path).changes == [], "one side alone doesn't count"


def test_counts_and_the_seconds_of_the_first_gate_that_stops(tmp_path: Path) -> None:
    stopping = ((PACTS, "monolith"), (PACTS, "microservices"), (STRUCTURE, "microservices"))
    offer(tmp_path, Gates(*stopping), [BREAKING])
    offer(tmp_path, Gates(), [COMPATIBLE])
    found = summarize(tmp_path)
    for architecture, by_structure in (("monolith", 0), ("microservices", 1)):
        counts = found.counts[architecture]
        assert to_builtins(counts.breaking) == {
            "offered": 1,
            "stopped": 1,
            "by_contract": 1,
            "by_gate": {"types": 0, "suite": 0, STRUCTURE: by_structure, PACTS: 1},
        }
        assert counts.compatible.stopped == 0
    (claim,) = found.claims
    # The monolith's pacts take 4 s; the services' descriptions stop it after 2.
    assert claim.blocks == [ClaimBlock(block=1, first=4.0, second=2.0, value=2.0, disturbed=False)]
    assert (claim.first_side, claim.second_side) == ("monolith", "microservices")
    assert set(found.gates["monolith"]) == set(found.gates["microservices"]) == set(GATES)


def test_a_folder_of_another_commit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps({"base": "0" * 40}))
    with pytest.raises(FolderError, match="00000000, and"):
        run.run_in(tmp_path, "smoke", 1, lambda _line: None)
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize(
    ("profile", "breaking"), [("smoke", 1), ("quick", 6), ("standard", 7), ("full", 16)]
)
def test_a_profile_draws_its_share_of_either_kind(profile: str, breaking: int) -> None:
    drawn = sweeps.drawn(profile, 7)
    assert sum(it.kind == Kind.BREAKING for it in drawn) == breaking
    assert len({it.change.name for it in drawn}) == len(drawn)
    assert drawn == sweeps.drawn(profile, 7)
    assert {it.kind for it in drawn} == set(Kind)


def test_the_output_of_a_gate_names_no_folder_of_the_machine() -> None:
    artifact = "/srv/flow/.run/artifacts/accounts/0f/source/microservices/accounts/a.py:3"
    package = "see '/srv/flow/.run/artifacts/x/tests-1/lib/python3.11/site-packages/p/q.py'"
    assert without_places(artifact) == "microservices/accounts/a.py:3"
    assert without_places(package) == "see 'p/q.py'"
    assert without_places("GET /api/v1/submissions, 200.state is gone") == (
        "GET /api/v1/submissions, 200.state is gone"
    )
