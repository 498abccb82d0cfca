"""Shared by the tests: the fixtures, the limits, and a network."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from network import Network, Server

from imaging import Limits

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
EXPECTATIONS: dict[str, Any] = json.loads((FIXTURES / "expectations.json").read_text())


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("imaging")
    group.addoption(
        "--fuzz-seed",
        type=_seed,
        default=0,
        help="of the fuzzer's longer run: a number, or `random`; without it always the same",
    )
    group.addoption(
        "--fuzz-inputs", type=int, default=15_000, help="of each of the longer run's four seeds"
    )


def _seed(text: str) -> int:
    return random.SystemRandom().randrange(1 << 32) if text == "random" else int(text)


@pytest.fixture
def limits() -> Limits:
    return Limits()


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Iterator[Network]:
    """Yield a network in which ``http://images.test/`` is the server, and all else the canary."""
    network = Network(monkeypatch)
    network.name("images.test", "93.184.216.34")
    network.route("93.184.216.34", network.server)
    yield network
    network.close()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()
