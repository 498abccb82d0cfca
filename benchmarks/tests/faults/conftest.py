"""Fixtures of the fault tests: deployments, histories, and the records of rows."""

import os
import re
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from backing.ports import free_port
from benchmarks.oracle import History, RecordingClient, Violation, check
from benchmarks.reliability.records import Record, is_recorded, record_name
from benchmarks.targets import ARCHITECTURES, REPOSITORY, Target, deploy
from benchmarks.targets.git import committed_tree
from benchmarks.targets.injection import (
    Overrides,
)
from benchmarks.tests.faults.gated_target import Gated, deploy_gated
from benchmarks.tests.faults.verification import known_violations, left_by_others

# The recognizer only waits, so that there is a "mid-job" to hit; the rest is as deployed.
SETTINGS = {"RECOGNIZER": "synthetic", "SYNTHETIC_CPU_MS": "0", "SYNTHETIC_WAIT_MS": "400"}
# Each test signs up, all from one address; and what a killed request left is removed soon.
ROOM = {"SIGN_UPS_PER_ADDRESS": "10000", "LEFTOVER_GRACE_SECONDS": "60"}
# A killed function is noticed at the end of the lease, or when its message is delivered again.
FUNCTION = {
    "RECOGNITION": "lambda",
    "TIME_LIMIT_SECONDS": "5",
    "LEASE_SECONDS": "16",
    "REDISPATCH_AFTER_SECONDS": "5",
}
HISTORIES = REPOSITORY / ".run" / "histories"
RECORD = pytest.StashKey[Record]()
FAILED = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--architecture",
        action="append",
        choices=sorted(ARCHITECTURES),
        help="only on this architecture",
    )
    parser.addoption("--seed", default="1", help="of the arrivals' times")
    parser.addoption("--full", action="store_true", help="the long rows too")
    parser.addoption("--repetitions", type=int, default=1, help="of the rows that repeat")
    parser.addoption(
        "--records", help="folder of the records; a test with one of this commit is left out"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "row(id): the row of the reliability tables")
    config.addinivalue_line("markers", "full: only with --full")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    chosen = metafunc.config.getoption("--architecture") or list(ARCHITECTURES)
    for fixture in ("target", "gated", "function_target"):
        if fixture in metafunc.fixturenames:
            metafunc.parametrize(fixture, chosen, indirect=True, scope="session")
    if "repetition" in metafunc.fixturenames:
        count = metafunc.config.getoption("--repetitions")
        metafunc.parametrize("repetition", range(1, count + 1), ids="rep{}".format)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the long rows without --full, and what has its record of this commit already."""
    folder = config.getoption("--records")
    commit = "" if folder is None else committed_tree()
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        is_long = item.get_closest_marker("full") is not None
        done = folder is not None and is_recorded(Path(folder) / _file_of(item), commit)
        no_row = folder is not None and item.get_closest_marker("row") is None
        unwanted = (is_long and not config.getoption("--full")) or done or no_row
        (left_out if unwanted else kept).append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = kept


def _identity(item: pytest.Item) -> tuple[str, str, str, str, int]:
    """The row, architecture, test, case and repetition of a test."""
    marker = item.get_closest_marker("row")
    parameters = dict(item.callspec.params) if hasattr(item, "callspec") else {}
    targets = [parameters.pop(name, "") for name in ("target", "gated", "function_target")]
    architecture = next(filter(None, targets), "")
    repetition = parameters.pop("repetition", 1)
    case = item.callspec.id if hasattr(item, "callspec") else ""
    words = [
        word
        for word in case.split("-")
        if word not in ARCHITECTURES and not re.fullmatch(r"rep\d+", word)
    ]
    name = getattr(item, "originalname", item.name)
    row = marker.args[0] if marker else "none"
    return row, str(architecture), name, " ".join(words), int(repetition)


def _file_of(item: pytest.Item) -> str:
    return record_name(*_identity(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Write the record of a test that has a row, whatever came of it."""
    report = yield
    if report.when == "setup" and report.skipped:
        item.stash[FAILED] = "skipped"
    if report.when == "call":
        item.stash[FAILED] = "" if report.passed else _reason(call)
        record = item.stash.get(RECORD, None)
        folder = item.config.getoption("--records")
        if record is not None and folder is not None and _is_over(call):
            record.passed, record.seconds = report.passed, round(report.duration, 1)
            record.reason = item.stash[FAILED]
            record.write(Path(folder))
    return report


def _is_over(call: pytest.CallInfo[None]) -> bool:
    """Whether the test came to an end of its own: an interrupted one is repeated."""
    return call.excinfo is None or not call.excinfo.errisinstance(KeyboardInterrupt)


def _reason(call: pytest.CallInfo[None]) -> str:
    return "" if call.excinfo is None else str(call.excinfo.value).splitlines()[0][:300]


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Record:
    """The record of this test, to which it adds its figures."""
    commit = committed_tree()
    row, architecture, test, case, repetition = _identity(request.node)
    seed = int(request.config.getoption("--seed"))
    made = Record(row, architecture, test, case, repetition, commit=commit, seed=seed)
    request.node.stash[RECORD] = made
    return made


@pytest.fixture(scope="session")
def overrides(tmp_path_factory: pytest.TempPathFactory) -> Overrides:
    return Overrides(tmp_path_factory.mktemp("overrides"))


@pytest.fixture(scope="session")
def target(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    overrides: Overrides,
) -> Iterator[Target]:
    run_dir: Path = tmp_path_factory.mktemp(request.param)
    settings = SETTINGS | ROOM | overrides.settings
    with deploy(
        request.param, run_dir=run_dir, edge_port=free_port(), settings=settings
    ) as deployed:
        yield deployed


@pytest.fixture(scope="session")
def function_target(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    overrides: Overrides,
) -> Iterator[Target]:
    """Deploy with recognition as a function, and with short leases."""
    run_dir: Path = tmp_path_factory.mktemp(request.param)
    settings = SETTINGS | ROOM | FUNCTION | overrides.settings
    with deploy(
        request.param, run_dir=run_dir, edge_port=free_port(), settings=settings
    ) as deployed:
        yield deployed


@pytest.fixture(scope="session")
def gated(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gated]:
    """Deploy behind gates; as root, also with hosts that can vanish and small disks."""
    run_dir: Path = tmp_path_factory.mktemp(request.param)
    seed = int(request.config.getoption("--seed"))
    with deploy_gated(request.param, run_dir=run_dir, settings=ROOM, seed=seed) as deployed:
        yield deployed


@pytest.fixture
def history(request: pytest.FixtureRequest) -> Iterator[History]:
    """Keep the record of a test that fails, with its seed, and print where it is."""
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", request.node.name).strip("-")
    seed = int(request.config.getoption("--seed"))
    path = HISTORIES / f"{name}-{os.getpid()}.jsonl"
    recorded = History(path, seed=seed, facts={"test": request.node.nodeid})
    yield recorded
    recorded.close()
    if request.node.stash.get(FAILED, "not run"):
        where = f"history of {request.node.name} (seed {seed}): {path}"
        sys.stdout.write(f"\n{where}\n")
    else:
        path.unlink()


@pytest.fixture
def known(history: History) -> list[Violation]:
    """What earlier tests left on the target: each test is judged for what it did itself."""
    return known_violations(history)


@pytest.fixture
def recorder(target: Target, history: History, known: list[Violation]) -> Iterator[RecordingClient]:
    known += left_by_others(target)
    client = RecordingClient(target.base_url, history)
    yield client
    client.close()


@pytest.fixture
def function_recorder(
    function_target: Target, history: History, known: list[Violation]
) -> Iterator[RecordingClient]:
    known += check(History(), function_target.inventory())
    client = RecordingClient(function_target.base_url, history)
    yield client
    client.close()


@pytest.fixture
def gated_recorder(
    gated: Gated, history: History, known: list[Violation]
) -> Iterator[RecordingClient]:
    known += left_by_others(gated.target)
    client = RecordingClient(gated.target.base_url, history)
    yield client
    client.close()
