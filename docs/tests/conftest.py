"""The base URL of a running target, for the test that walks through the tutorial."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--base-url", help="walk through the tutorial against this target")


@pytest.fixture
def base_url(request: pytest.FixtureRequest) -> str:
    url = request.config.getoption("--base-url")
    if not isinstance(url, str):
        pytest.fail("--base-url is missing, such as http://127.0.0.1:8080 (a running target)")
    return url
