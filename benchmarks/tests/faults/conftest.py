"""One deployment of each architecture, on which all faults happen in turn."""

import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from mypy_boto3_s3 import S3Client

from backing.ports import free_port
from benchmarks.targets import ARCHITECTURES, Target, deploy, discrepancies
from benchmarks.tests.faults.recorder import Recorder

# The recognizer only waits, so that there is a "mid-job" to hit; the rest is as deployed.
SETTINGS = {"RECOGNIZER": "synthetic", "SYNTHETIC_CPU_MS": "0", "SYNTHETIC_WAIT_MS": "400"}
SETTLE_SECONDS = 60.0
WEB = {"monolith": "monolith-web", "microservices": "submissions-web"}
RECOGNIZING = {"monolith": "monolith-worker", "microservices": "recognition-worker"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--architecture",
        action="append",
        choices=sorted(ARCHITECTURES),
        help="only on this architecture",
    )


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


@pytest.fixture
def recorder(target: Target) -> Recorder:
    return Recorder(target.base_url)


def assert_nothing_lost_or_doubled(target: Target, recorder: Recorder) -> None:
    """The oracle: each 202 is one final row of its account with its objects, and nothing else.

    The uploaded original goes a moment after the state is final, and a row whose 202 never reached
    the client may still wait for the end of a dead worker's lease; hence several looks.
    """
    deadline = time.monotonic() + SETTLE_SECONDS
    inventory = target.inventory()
    while discrepancies(inventory, recorder.accepted) and time.monotonic() < deadline:
        time.sleep(0.5)
        inventory = target.inventory()
    assert discrepancies(inventory, recorder.accepted) == []
    assert {inventory.rows[key].state for key in recorder.accepted} == {"succeeded"}
    own = {key for key, row in inventory.rows.items() if row.account_id == recorder.account_id}
    assert own == set(recorder.accepted)


def store_of(target: Target) -> S3Client:
    settings = target.store_environment()
    return boto3.client(
        "s3",
        endpoint_url=settings["AWS_ENDPOINT_URL_S3"],
        region_name=settings["AWS_REGION"],
        aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
    )
