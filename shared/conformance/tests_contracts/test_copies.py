"""Each service keeps copies of the contracts that concern it; all copies are equal."""

from pathlib import Path

import pytest
from support.contract import CONTRACTS

MESSAGES = sorted((CONTRACTS / "messages").glob("*.schema.json"))
PACTS = sorted((CONTRACTS / "pacts").glob("*.json"))
REPOSITORY = CONTRACTS.parents[1]
SERVICES = REPOSITORY / "microservices"
FOLDERS = {"monolith": REPOSITORY / "monolith"} | {
    unit: SERVICES / unit for unit in ("accounts", "submissions", "recognition")
}


@pytest.mark.parametrize("service", ["recognition", "submissions"])
def test_the_copies_are_the_contract(service: str) -> None:
    copies = sorted((SERVICES / service / "tests" / "contracts").glob("*.schema.json"))
    assert [copy.name for copy in copies] == [message.name for message in MESSAGES]
    for copy, message in zip(copies, MESSAGES, strict=True):
        assert copy.read_bytes() == message.read_bytes(), copy.name


def _pair(pact: Path) -> tuple[str, str]:
    consumer, _, provider = pact.stem.partition("-")
    return consumer, provider


@pytest.mark.parametrize("unit", FOLDERS)
def test_a_unit_keeps_the_pacts_that_it_is_a_side_of(unit: str) -> None:
    copies = sorted((FOLDERS[unit] / "tests" / "contracts" / "pacts").glob("*.json"))
    its_own = [pact for pact in PACTS if unit in _pair(pact)]
    assert [copy.name for copy in copies] == [pact.name for pact in its_own]
    for copy, pact in zip(copies, its_own, strict=True):
        assert copy.read_bytes() == pact.read_bytes(), copy.name


def test_every_pair_that_talks_has_a_pact() -> None:
    assert {_pair(pact) for pact in PACTS} == {
        ("accounts", "submissions"),
        ("recognition", "submissions"),
        ("submissions", "accounts"),
        ("submissions", "recognition"),
        ("web", "accounts"),
        ("web", "monolith"),
        ("web", "submissions"),
    }
