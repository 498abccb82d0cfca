"""The pages on one's own target and on several machines: their Locust commands, as they stand.

Those of the first are run. Only the host, the length and the ports are others: the target is a
fake, and the default port is left to other Locust runs on this machine.
"""

import re
from pathlib import Path

import pytest

from benchmarks.tests.fake_target import FakeApplication, Server
from benchmarks.tests.workload.locust_process import (
    REPOSITORY,
    finished,
    locust,
    own_ports,
    started,
    statistics,
)

pytestmark = pytest.mark.slow

PAGE = (REPOSITORY / "docs" / "own-target.md").read_text()
_COMMAND = re.compile(r"^\$ locust (.*)$", re.MULTILINE)
COMMANDS: list[str] = _COMMAND.findall(PAGE)
OTHERS: list[str] = _COMMAND.findall((REPOSITORY / "docs" / "distributed-load.md").read_text())
USERS = 20
FLOW = "FLOW submit to ready"


def only(*words: str) -> str:
    (found,) = (it for it in COMMANDS if all(word in it for word in words))
    return found


def arguments(command: str, base_url: str, *more: str) -> list[str]:
    """A command of the page, for some seconds, against the fake."""
    words = command.replace("http://127.0.0.1:8080", base_url).replace("-t 1m", "-t 8s").split()
    words[words.index("-f") + 1] = str(REPOSITORY / words[words.index("-f") + 1])
    return [*words, *more]


def hold_to_the_books(server: Server, folder: Path) -> None:
    """The one statistic has what the target has, but for the flows that the end cut off."""
    found, application = statistics(folder), server.application
    assert found["POST /accounts"]["num_requests"] == len(application.passwords) == USERS
    assert all(row["num_failures"] == 0 for row in found.values())
    flows = found[FLOW]["num_requests"]
    assert flows > USERS
    assert len(application.submissions) - USERS <= flows <= len(application.results)
    assert found[FLOW]["min_response_time"] >= application.work_ms
    accounts = sum(count > 0 for count in application.rows.values())
    assert accounts > USERS / 2, "users of both processes submitted"


def test_two_processes_give_one_statistic(tmp_path: Path) -> None:
    with Server(FakeApplication(work_ms=5)) as server:
        command = arguments(
            only("--processes 2"), server.base_url, "--json-file", "locust", *own_ports()
        )
        done = locust(*command, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "to 2 ready workers" in done.stderr
        hold_to_the_books(server, tmp_path)


def test_a_master_sums_up_its_worker(tmp_path: Path) -> None:
    ports = own_ports()
    with Server(FakeApplication(work_ms=5)) as server:
        master = arguments(
            only("--master ", "--expect-workers"),
            server.base_url,
            "--json-file",
            "locust",
            *ports[:2],
        )
        worker = arguments(only("--worker "), server.base_url, *ports[2:])
        with started(*master, cwd=tmp_path) as first, started(*worker, cwd=tmp_path) as second:
            coordinating, generating = finished(first), finished(second)
        assert coordinating.returncode == 0, coordinating.stderr
        assert generating.returncode == 0, generating.stderr
        assert "to 1 ready workers" in coordinating.stderr
        hold_to_the_books(server, tmp_path)


@pytest.mark.parametrize("command", [*COMMANDS, *OTHERS])
def test_every_command_of_the_page_is_accepted(command: str, tmp_path: Path) -> None:
    """--list stops it before it would load anything."""
    done = locust(*arguments(command, "http://127.0.0.1:9"), "--list", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
