"""One deployment of each architecture, on which all faults happen in turn."""

import re
import sys
from collections.abc import Collection, Generator, Iterator
from pathlib import Path

import boto3
import pytest
from mypy_boto3_s3 import S3Client

from backing.ports import free_port
from benchmarks.oracle import History, RecordingClient, settled_violations
from benchmarks.targets import ARCHITECTURES, REPOSITORY, Target, deploy

# The recognizer only waits, so that there is a "mid-job" to hit; the rest is as deployed.
SETTINGS = {"RECOGNIZER": "synthetic", "SYNTHETIC_CPU_MS": "0", "SYNTHETIC_WAIT_MS": "400"}
HISTORIES = REPOSITORY / ".run" / "histories"
FAILED = pytest.StashKey[bool]()
WEB = {"monolith": "monolith-web", "microservices": "submissions-web"}
RECOGNIZING = {"monolith": "monolith-worker", "microservices": "recognition-worker"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--architecture",
        action="append",
        choices=sorted(ARCHITECTURES),
        help="only on this architecture",
    )
    parser.addoption("--seed", default="1", help="of the arrivals' times")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "target" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--architecture") or list(ARCHITECTURES)
        metafunc.parametrize("target", chosen, indirect=True, scope="session")


@pytest.fixture(scope="session")
def target(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Target]:
    run_dir: Path = tmp_path_factory.mktemp(request.param)
    with deploy(
        request.param, run_dir=run_dir, edge_port=free_port(), settings=SETTINGS
    ) as deployed:
        yield deployed


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def history(request: pytest.FixtureRequest) -> Iterator[History]:
    """Keep the record of a test that fails, with its seed, and print where it is."""
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", request.node.name).strip("-")
    seed = int(request.config.getoption("--seed"))
    recorded = History(HISTORIES / f"{name}.jsonl", seed=seed, facts={"test": request.node.nodeid})
    yield recorded
    recorded.close()
    assert recorded.path is not None
    if request.node.stash.get(FAILED, True):
        sys.stdout.write(
            f"\nThe history of {request.node.name} (seed {seed}) is in {recorded.path}\n"
        )
    else:
        recorded.path.unlink()


@pytest.fixture
def recorder(target: Target, history: History) -> Iterator[RecordingClient]:
    client = RecordingClient(target.base_url, history)
    yield client
    client.close()


def assert_nothing_lost_or_doubled(
    target: Target, history: History, *, states: Collection[str] = ("succeeded",)
) -> None:
    """Assert that every promise was kept, and that what was accepted ended in these states.

    The uploaded original goes a moment after the state is final, and a row whose 202 never reached
    the client may still wait for the end of a dead worker's lease; hence several looks.
    """
    assert settled_violations(target, history) == []
    rows = target.inventory().rows
    kept = set(history.accepted) - history.deleted
    assert {rows[key].state for key in kept if key in rows} <= set(states)


def store_of(target: Target) -> S3Client:
    settings = target.store_environment()
    return boto3.client(
        "s3",
        endpoint_url=settings["AWS_ENDPOINT_URL_S3"],
        region_name=settings["AWS_REGION"],
        aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
    )
