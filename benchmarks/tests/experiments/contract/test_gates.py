"""The gates that both sides have, on the changes of the catalogue, and what is ready for them."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks.experiments.catalogue.index import commit
from benchmarks.experiments.catalogue.offers import OFFERS, Kind
from benchmarks.experiments.contract import gates
from benchmarks.experiments.contract.candidate import Candidate
from benchmarks.experiments.contract.gates import PACTS, TYPES, check
from benchmarks.targets.architectures import ARCHITECTURES, unit_names
from benchmarks.targets.gate.pact_verification import Verdict as PactVerdict
from benchmarks.targets.gate.verdict import can_deploy, structure_checks
from benchmarks.targets.git import resolve

DESCRIBED = [
    offer
    for offer in OFFERS
    if any(edit.file.endswith("openapi.yaml") for edit in offer.change.edits["microservices"])
]
BREAKING = [offer for offer in DESCRIBED if offer.kind == Kind.BREAKING]


def test_both_sides_describe_the_same_changes() -> None:
    for offer in OFFERS:
        files = {edit.file for edit in offer.change.edits["monolith"]}
        assert ("monolith/openapi.yaml" in files) == (offer in DESCRIBED), offer.change.name
    assert len(BREAKING) == 9


@pytest.mark.parametrize(
    "offer",
    [*BREAKING, next(it for it in DESCRIBED if it.kind == Kind.COMPATIBLE)],
    ids=lambda offer: str(offer.change.name),
)
def test_the_descriptions_decide_alike_on_both_sides(offer: object) -> None:
    assert isinstance(offer, type(OFFERS[0]))
    head, change = resolve("HEAD"), offer.change
    found = {}
    for name, edits in change.edits.items():
        made = commit(edits, change.title, on=head)
        checks = structure_checks(ARCHITECTURES[name], change.units[name][0], head, made)
        found[name] = sorted(reason for it in checks for reason in it.reasons)
    assert found["monolith"] == found["microservices"]
    assert bool(found["monolith"]) == (offer.kind == Kind.BREAKING)


def test_a_release_of_either_side_is_stopped_by_its_description() -> None:
    """As `make can-deploy UNIT=…` checks it; the pacts are taken to be kept."""
    head, change = resolve("HEAD"), BREAKING[0].change
    for name, edits in change.edits.items():
        architecture, (unit,) = ARCHITECTURES[name], change.units[name]
        made = commit(edits, change.title, on=head)
        running = dict.fromkeys(unit_names(architecture), head)
        checks = can_deploy(
            architecture, unit, made, running, verify_pact=lambda *_: PactVerdict(kept=True)
        )
        against = [check.what for check in checks if not check.passed]
        assert against == [f"{unit}'s openapi.yaml"]


class FakeCandidate(Candidate):
    """Artifacts are folders that are there already; its Python is a script that counts its runs."""

    def artifact(self, commit: str) -> Path:
        """Return a folder, with the unit's files."""
        folder = self.store / commit
        (folder / "source" / "microservices" / self.unit).mkdir(parents=True, exist_ok=True)
        return folder

    def python_of(self, unit: str, commit: str) -> Path:
        """Return a script that writes a cache where its option names it, as mypy does."""
        script = self.store / f"python-{unit}-{commit}"
        script.write_text(f"""#!/bin/sh
echo run >> "{self.store}/runs"
mkdir -p "$4" && echo "{commit}" >> "$4/kept"
test "$(wc -l < "$4/kept")" = 2
""")
        script.chmod(0o755)
        return script


@pytest.fixture
def fake(tmp_path: Path) -> FakeCandidate:
    head = resolve("HEAD")
    return FakeCandidate(ARCHITECTURES["microservices"], "accounts", head, "candidate", tmp_path)


def test_the_type_checker_begins_with_what_it_kept_of_the_commit_below(fake: FakeCandidate) -> None:
    """The first change has it made, beside the clock; no change sees what another one left."""
    (fake.store / "accounts").mkdir()
    for runs in (2, 3):
        assert not check(TYPES, fake).stops, "it finds the commit below, and nothing else"
        assert len((fake.store / "runs").read_text().splitlines()) == runs


def test_pacts_are_verified_whatever_is_known_of_them(
    fake: FakeCandidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[str, dict[str, Any]]] = []

    def verify(_: object, unit: str, *__: object, **options: Any) -> PactVerdict:
        # Every provider's environment is there before the clock runs
        assert list(fake.store.glob(f"python-{unit}-*"))
        calls.append((unit, options))
        return PactVerdict(kept=True)

    monkeypatch.setattr(gates, "verify", verify)
    monkeypatch.setattr("benchmarks.targets.gate.verdict.pact_of", lambda _: "{}")
    assert not check(PACTS, fake).stops
    assert [unit for unit, _ in calls] == ["accounts", "submissions", "accounts"]
    assert all(options == {"store": fake.store, "repeat": True} for _, options in calls)
