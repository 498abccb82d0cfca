"""Options, the browser, and a page whose console must stay without errors."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import NoBrowserError, find_browser, start_browser
from tests.user import User, open_page
from tests.watch import Watch

STEP_TIMEOUT_MS = 15_000
expect.set_options(timeout=STEP_TIMEOUT_MS)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("page")
    group.addoption(
        "--base-url",
        default=os.environ.get("BASE_URL", "http://127.0.0.1:8080"),
        help="the target's edge, for tests/flow (or BASE_URL)",
    )
    group.addoption(
        "--image-server",
        default=os.environ.get("IMAGE_SERVER"),
        help="a running shared/conformance/image_server.py, as the target reaches it (or "
        "IMAGE_SERVER); without it, one is started on 127.0.0.1, port PORT_IMAGES (8079)",
    )


def pytest_sessionstart(session: pytest.Session) -> None:
    """End the run at once if no browser is installed."""
    if session.config.getoption("--collect-only"):
        return
    try:
        find_browser()
    except NoBrowserError as error:
        pytest.exit(str(error), returncode=2)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with start_browser() as browser:
        yield browser


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def page(browser: Browser, site_url: str, watch: Watch) -> Iterator[Page]:
    """Yield the page, opened and signed out; check its console at the end."""
    with open_page(browser, site_url, watch) as page:
        page.set_default_timeout(STEP_TIMEOUT_MS)
        page.goto(site_url)
        yield page
    assert watch.faults == []


@pytest.fixture
def user(page: Page) -> User:
    return User(page)
