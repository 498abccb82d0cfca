"""The services stand alone, so each keeps a copy of the messages' schemas: all say the same."""

import pytest
from support.contract import CONTRACTS

MESSAGES = sorted((CONTRACTS / "messages").glob("*.schema.json"))
SERVICES = CONTRACTS.parents[1] / "microservices"


@pytest.mark.parametrize("service", ["recognition", "submissions"])
def test_the_copies_are_the_contract(service: str) -> None:
    copies = sorted((SERVICES / service / "tests" / "contracts").glob("*.schema.json"))
    assert [copy.name for copy in copies] == [message.name for message in MESSAGES]
    for copy, message in zip(copies, MESSAGES, strict=True):
        assert copy.read_bytes() == message.read_bytes(), copy.name
