"""The address of a running target, for the test that walks through the tutorial."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--base-url", help="walk through the tutorial against this target")


@pytest.fixture
def base_url(request: pytest.FixtureRequest) -> str:
    address = request.config.getoption("--base-url")
    if not isinstance(address, str):
        pytest.fail("say --base-url=http://127.0.0.1:8080 (a running target)")
    return address
