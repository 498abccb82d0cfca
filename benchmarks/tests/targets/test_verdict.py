"""`can-deploy`: what is held against what, and what is a no. The verifying itself is faked here."""

from pathlib import Path
from typing import Any

import pytest
from benchmarks.targets.architectures import ARCHITECTURES, unit_names
from benchmarks.targets.gate import pact_verification, verdict
from benchmarks.targets.gate.pact_verification import Verdict, reasons
from benchmarks.targets.gate.pacts import Pair, pact_of, pairs
from benchmarks.targets.gate.verdict import Check, can_deploy
from benchmarks.targets.git import resolve
from benchmarks.targets.releases.artifacts import Artifact

SERVICES, MONOLITH = ARCHITECTURES["microservices"], ARCHITECTURES["monolith"]
OTHER = "0" * 40


@pytest.fixture
def head() -> str:
    return resolve("HEAD")


@pytest.fixture
def running(head: str) -> dict[str, str]:
    return dict.fromkeys(unit_names(SERVICES), head)


class Verifier:
    """A verifier that records its calls, and refuses the pacts of the given names."""

    def __init__(self, *broken: str) -> None:
        self.broken = broken
        self.calls: list[tuple[str, str, str]] = []

    def __call__(self, _architecture: Any, unit: str, commit: str, name: str, pact: str) -> Verdict:
        assert pact.startswith("{")
        self.calls.append((unit, commit, name))
        return Verdict(name not in self.broken, ("signing in: $.access_token is missing",))


def _against(checks: list[Check]) -> list[str]:
    return [f"{check.what}: {reason}" for check in checks for reason in check.reasons]


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("accounts", {"web-accounts", "submissions-accounts", "accounts-submissions"}),
        (
            "submissions",
            {
                "web-submissions",
                "accounts-submissions",
                "submissions-accounts",
                "submissions-recognition",
                "recognition-submissions",
            },
        ),
        ("recognition", {"submissions-recognition", "recognition-submissions"}),
        ("edge", {"web-accounts", "web-submissions"}),
    ],
)
def test_every_pact_that_a_unit_is_a_side_of_is_verified(
    unit: str, expected: set[str], running: dict[str, str], head: str
) -> None:
    verifier = Verifier()
    assert _against(can_deploy(SERVICES, unit, head, running, verify_pact=verifier)) == []
    assert {name.removesuffix(".json") for _, _, name in verifier.calls} == expected


def test_the_monolith_has_one_consumer(head: str) -> None:
    verifier = Verifier()
    running = {"monolith": head}
    assert _against(can_deploy(MONOLITH, "monolith", head, running, verify_pact=verifier)) == []
    assert verifier.calls == [("monolith", head, "web-monolith.json")]


def test_providers_are_held_to_the_pact_of_the_consumer_that_runs(head: str) -> None:
    """And the one that is to be released brings its own pact to those that run."""
    versions = {"accounts": "new", "submissions": "old", "recognition": "old", "edge": "old"}
    found = {(it.consumer, it.provider): it for it in pairs(SERVICES, "accounts", versions)}
    assert found["submissions", "accounts"] == Pair("submissions", "old", "accounts", "new")
    assert found["accounts", "submissions"] == Pair("accounts", "new", "submissions", "old")
    assert found["web", "accounts"] == Pair("web", "old", "accounts", "new")


def test_a_pact_that_isn_t_kept_is_a_no_with_the_interaction(
    running: dict[str, str], head: str
) -> None:
    checks = can_deploy(
        SERVICES, "accounts", head, running, verify_pact=Verifier("web-accounts.json")
    )
    assert _against(checks) == [
        f"web {head[:8]} needs of accounts: signing in: $.access_token is missing"
    ]


def test_a_provider_that_isn_t_running_is_a_no(running: dict[str, str], head: str) -> None:
    del running["submissions"]
    found = _against(can_deploy(SERVICES, "accounts", head, running, verify_pact=Verifier()))
    assert len(found) == 2  # as its consumer and as its provider
    assert all("submissions isn't running" in line for line in found)


def test_a_version_with_uncommitted_changes_forbids_a_release(
    running: dict[str, str], head: str
) -> None:
    running["recognition"] = ""
    found = _against(can_deploy(SERVICES, "submissions", head, running, verify_pact=Verifier()))
    assert any("recognition runs with uncommitted changes" in line for line in found)


def test_a_missing_pact_forbids_a_release(
    running: dict[str, str], head: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(pair: Pair) -> str | None:
        return None if pair.consumer == "submissions" else pact_of(pair)

    monkeypatch.setattr(verdict, "pact_of", without)
    found = _against(can_deploy(SERVICES, "accounts", head, running, verify_pact=Verifier()))
    pair = f"submissions {head[:8]} needs of accounts"
    assert found == [f"{pair}: that version of submissions has no pact with accounts"]


def test_a_commit_without_pacts_has_none() -> None:
    assert pact_of(Pair("web", OTHER, "accounts", OTHER)) is None


def test_a_verdict_is_kept_unless_one_wants_to_know_how_long_it_takes(
    tmp_path: Path, head: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = []

    def run(*_: object) -> tuple[int, str]:
        runs.append(1)
        return 0, ""

    artifact = Artifact(tmp_path / "accounts" / "made", "1", head, 0.0)
    artifact.folder.mkdir(parents=True)
    monkeypatch.setattr(pact_verification, "build", lambda *_, **__: artifact)
    monkeypatch.setattr(pact_verification, "tests_python", lambda *_: tmp_path)
    monkeypatch.setattr(pact_verification, "_run", run)
    for repeat, expected in ((False, 1), (False, 1), (True, 2)):
        found = pact_verification.verify(
            SERVICES, "accounts", head, "web-accounts.json", "{}", store=tmp_path, repeat=repeat
        )
        assert found.kept
        assert len(runs) == expected


def test_the_verifier_s_words_become_reasons() -> None:
    output = """
Verifying a pact between web and accounts

Failures:

1) Verifying a pact between web and accounts Given an account - signing in
    1.1) has a matching body
           $ -> Actual map is missing the following keys: access_token

2) Verifying a pact between web and accounts - signing up
    2.1) has status code 201
           expected 201 but was 200

There were 2 pact failures
"""
    assert reasons(output) == (
        "signing in: $ -> Actual map is missing the following keys: access_token",
        "signing up: expected 201 but was 200",
    )
    assert reasons("one\ntwo\n") == ("one", "two")
