"""Options, and fixtures for the target, its accounts and the verdicts."""

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import httpx
import pytest
from image_server import ImageServer
from support.client import Account, Api
from support.contract import Contract
from support.fuzz import Fuzzing, seed_from_option
from support.gallery import Gallery
from support.held_back import held_back
from support.plan import ORDER, plan_failures, plan_images

_OWN_IMAGE_SERVER = ("127.0.0.1", int(os.environ.get("PORT_IMAGES") or 8079))
_A_FEW = 10
_FIRST_SECONDS = 20
_VERDICTS = pytest.StashKey[dict[str, str]]()
_FUZZING = pytest.StashKey[Fuzzing]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("conformance")
    group.addoption(
        "--base-url",
        default=os.environ.get("BASE_URL", "http://127.0.0.1:8080"),
        help="the target's edge (or BASE_URL)",
    )
    group.addoption(
        "--image-server",
        default=os.environ.get("IMAGE_SERVER"),
        help="a running image_server.py, as the target reaches it (or IMAGE_SERVER); "
        "without it, one is started on 127.0.0.1, port PORT_IMAGES (8079)",
    )
    group.addoption(
        "--schemathesis-examples",
        type=int,
        default=20,
        help="generated requests for each operation, valid and invalid ones each",
    )
    group.addoption(
        "--state-machine-examples",
        type=int,
        default=3,
        help="random sequences of about 40 calls that are compared with a model",
    )
    group.addoption(
        "--fuzz-seed",
        help="of generated requests: a number, or `random`; without it always the same",
    )
    group.addoption(
        "--fuzz-failures",
        type=Path,
        help="append the seed and the failed cases of a run that fails to this file, as JSON",
    )
    group.addoption("--verdicts", type=Path, help="write {case: passed|failed|error} here as JSON")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_VERDICTS] = {}
    try:
        seed = seed_from_option(config.getoption("--fuzz-seed"))
    except ValueError as error:
        message = "--fuzz-seed is a whole number or `random`"
        raise pytest.UsageError(message) from error
    config.stash[_FUZZING] = Fuzzing(
        examples=config.getoption("--schemathesis-examples"),
        sequences=config.getoption("--state-machine-examples"),
        seed=seed,
    )
    if seed is not None:  # at once, since a run may be killed
        sys.stdout.write(f"--fuzz-seed={seed}\n")
        sys.stdout.flush()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Move cases that wait for the worker to the end, so that it works during the others."""
    items.sort(key=lambda item: ORDER.get(item.path.stem, 0))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    verdicts = item.config.stash[_VERDICTS]
    if report.failed:
        # A failure of the case itself outweighs one of its fixtures
        if report.when == "call":
            verdicts[item.nodeid] = "failed"
        elif verdicts.get(item.nodeid) != "failed":
            verdicts[item.nodeid] = "error"
    else:
        verdicts.setdefault(item.nodeid, report.outcome)
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    kept: Path | None = session.config.getoption("--fuzz-failures")
    failed = [name for name, it in session.config.stash[_VERDICTS].items() if it == "failed"]
    if kept is not None and failed:
        base_url = str(session.config.getoption("--base-url"))
        session.config.stash[_FUZZING].keep(kept, base_url=base_url, failed=failed)
    path: Path | None = session.config.getoption("--verdicts")
    if path is not None:
        text = json.dumps(session.config.stash[_VERDICTS], indent=1, sort_keys=True)
        path.write_text(text + "\n", encoding="utf-8")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in terminalreporter.config.stash[_FUZZING].lines():
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def fuzzing(pytestconfig: pytest.Config) -> Fuzzing:
    return pytestconfig.stash[_FUZZING]


@pytest.fixture(scope="session")
def base_url(pytestconfig: pytest.Config) -> str:
    url = _url("--base-url", str(pytestconfig.getoption("--base-url")))
    try:
        httpx.get(f"{url}/livez", timeout=_FIRST_SECONDS, trust_env=False)
    except httpx.TransportError as error:  # otherwise each case would fail on its own, for minutes
        pytest.exit(f"No target responds at {url} ({error}). Start it first.", returncode=2)
    return url


def _url(option: str, text: str) -> str:
    """Return the base URL without trailing slashes; an invalid one ends the run."""
    try:
        parts = urlsplit(text.strip())
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or parts.query or parts.fragment:
        pytest.exit(f"{option} {text} is no base URL, as in http://127.0.0.1:8080.", returncode=2)
    return text.strip().rstrip("/")


@pytest.fixture(scope="session")
def contract() -> Contract:
    return Contract()


@pytest.fixture(scope="session")
def api(base_url: str, contract: Contract) -> Iterator[Api]:
    api = Api(base_url, contract)
    with api.http:
        yield api


@pytest.fixture(scope="session")
def image_server(pytestconfig: pytest.Config) -> Iterator[str]:
    """Yield the URL of the image server, as the target reaches it."""
    given: str | None = pytestconfig.getoption("--image-server")
    if given:
        yield _url("--image-server", given)
        return
    host, port = _OWN_IMAGE_SERVER
    with ImageServer(host, port) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://{host}:{port}"
        server.shutdown()


@pytest.fixture(scope="session")
def new_account(api: Api) -> Callable[[str], Account]:
    return api.sign_up


@pytest.fixture(scope="module")
def account(new_account: Callable[[str], Account]) -> Account:
    """Return an account for one module's cases."""
    return new_account("owner")


@pytest.fixture(scope="session")
def stranger(new_account: Callable[[str], Account]) -> Account:
    """Return another account, which does not own what a case requests with it."""
    return new_account("stranger")


@pytest.fixture(scope="session")
def images(api: Api, image_server: str) -> Gallery:
    """Return submissions of every valid fixture, uploaded; of some by URL as well."""
    gallery = Gallery(api, api.sign_up("images"))
    plan_images(gallery, image_server)
    return gallery


@pytest.fixture(scope="session")
def failures(api: Api, image_server: str) -> Gallery:
    """Return submissions by URL and by upload that fail in the worker."""
    gallery = Gallery(api, api.sign_up("failures"))
    plan_failures(gallery, image_server)
    return gallery


@pytest.fixture(scope="session")
def stopped_upload(api: Api) -> Iterator[Future[bytes]]:
    """Return the response, once it comes, to an upload whose body stops: after a time limit."""
    account = api.sign_up("stopped")
    with ThreadPoolExecutor(1) as pool:
        token = f"Authorization: Bearer {account.token}"
        yield pool.submit(held_back, api, token, sent_bytes=100_000)


@pytest.fixture(scope="session", autouse=True)
def _begin(request: pytest.FixtureRequest) -> None:
    """Begin now what selected cases read later: submissions, unless only few are selected."""
    wanted = Counter(
        name for item in request.session.items for name in getattr(item, "fixturenames", ())
    )
    for name in ("images", "failures"):
        if wanted[name] > _A_FEW:
            request.getfixturevalue(name).begin_all()
    if wanted["stopped_upload"]:
        request.getfixturevalue("stopped_upload")
