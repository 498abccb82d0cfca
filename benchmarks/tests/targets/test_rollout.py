"""Releasing another version of a unit small enough to be seen through, while it serves."""

import dataclasses
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from benchmarks.targets import Target, deploy
from benchmarks.targets.architectures import REPOSITORY, Architecture
from benchmarks.targets.errors import ReleaseError
from benchmarks.targets.local.placement import Installed, Placement
from benchmarks.targets.local.readiness import WITHOUT_CERTIFICATES
from benchmarks.targets.releases.rollout import one_release
from benchmarks.targets.releases.running_target import attach
from benchmarks.tests.targets.conftest import FAKE, HERE

from backing.ports import free_port
from backing.state import read_state

REQUESTS_AT_ONCE = 4
RESPONSE = '"mode": os.environ["ENVIRONMENT"]'


@pytest.fixture(scope="module")
def architecture() -> Architecture:
    return dataclasses.replace(FAKE, fixed_port=free_port())


@pytest.fixture(scope="module")
def target(architecture: Architecture, run_dir: Path) -> Iterator[Target]:
    settings = {"RELEASED": str(run_dir / "released"), "BUSY": str(run_dir / "busy")}
    with deploy(architecture, run_dir=run_dir, settings=settings) as deployed:
        yield deployed


@pytest.fixture
def version(tmp_path: Path, target: Target) -> Callable[..., Installed]:
    """Makes versions; `changes` are (file, text, another) of the fake unit or its edge."""
    executables = Placement(target.run_dir).read().installed["fake"].executables

    def make(name: str, *changes: tuple[str, str, str]) -> Installed:
        root = tmp_path / name
        for folder in ("fake_unit", "fake_edge"):
            shutil.copytree(HERE / folder, root / (HERE / folder).relative_to(REPOSITORY))
        for file, old, new in (("fake.py", RESPONSE, f'"mode": "{name}"'), *changes):
            (path,) = root.rglob(file)
            text = path.read_text()
            assert old in text
            path.write_text(text.replace(old, new))
        return Installed(root, executables, name, "", is_release=True)

    return make


def mode(target: Target) -> str:
    response = httpx.get(target.base_url, timeout=10)
    response.raise_for_status()
    found: str = response.json()["mode"]
    return found


def names(target: Target) -> set[str]:
    state = read_state(target.run_dir)
    assert state is not None
    return {recorded.name for recorded in state.processes if recorded.unit == "fake"}


def configured_at(target: Target) -> float:
    """When the edge last took a configuration, by its own account; seconds since the epoch."""
    port = Placement(target.run_dir).read().edge["EDGE_ADMIN_PORT"]
    metrics = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text
    (line,) = re.findall(
        r"^caddy_config_last_reload_success_timestamp_seconds (.+)$", metrics, re.MULTILINE
    )
    return float(line)


def listening_socket(target: Target) -> set[str]:
    """The kernel's numbers of the sockets at which the edge's port is listened at."""
    port = int(target.base_url.rpartition(":")[2])
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {row[9] for row in rows if int(row[1].split(":")[1], 16) == port and row[3] == "0A"}


@contextmanager
def constant_requests(target: Target, path: str = "/") -> Iterator[list[int | str]]:
    """Send four requests at a time, each on a connection of its own; yield statuses or errors."""
    statuses: list[int | str] = []
    stop = threading.Event()

    def request_page() -> None:
        while not stop.is_set():
            try:
                url = target.base_url + path
                response = httpx.get(url, timeout=20, verify=WITHOUT_CERTIFICATES)
                statuses.append(response.status_code)
            except httpx.HTTPError as error:
                statuses.append(repr(error))
            time.sleep(0.04)

    threads = [threading.Thread(target=request_page) for _ in range(REQUESTS_AT_ONCE)]
    for thread in threads:
        thread.start()
    try:
        yield statuses
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_another_version_takes_over_without_a_failed_request(
    target: Target, version: Callable[..., Installed]
) -> None:
    before, configured_before = names(target), configured_at(target)
    pids = {it.pid for it in target.processes if it.spec.unit == "fake"}
    with constant_requests(target) as statuses:
        done = target.releaser().roll_out("fake", version("second"))
        time.sleep(0.2)
    assert set(statuses) == {200}
    assert len(statuses) > 20
    assert mode(target) == "second"
    assert len(names(target)) == len(before) == done.started == done.ended
    assert not pids & {it.pid for it in target.processes}
    assert configured_at(target) == configured_before, "a new configuration would drop connections"
    assert list(done.seconds) == [
        "release command",
        "new processes ready",
        "edge switched",
        "old processes drained",
    ]


def test_a_request_under_way_is_completed_by_the_version_that_took_it(
    target: Target, version: Callable[..., Installed]
) -> None:
    with constant_requests(target, "/slow") as statuses:
        time.sleep(0.3)
        target.releaser().roll_out("fake", version("third"))
    assert set(statuses) == {200}


def test_going_back_brings_the_former_version_without_its_release_command(
    target: Target, version: Callable[..., Installed], run_dir: Path
) -> None:
    releaser = target.releaser()
    first, second = version("good"), version("regretted")
    releaser.roll_out("fake", first)
    releaser.roll_out("fake", second)
    (run_dir / "released").unlink()
    placed = Placement(run_dir).read()
    releaser.roll_out("fake", placed.earlier["fake"][-1], back=True)
    assert mode(target) == "good"
    assert not (run_dir / "released").exists()
    kept = [it.version for it in Placement(run_dir).read().earlier["fake"]]
    assert "regretted" not in kept
    assert kept == [it.version for it in placed.earlier["fake"][:-1]]


@pytest.mark.parametrize(
    ("line", "put_in", "expected"),
    [
        ("def web() -> None:", "    sys.exit('no')", "ended before it was ready"),
        ('if kind == "release":', "        sys.exit(3)", "failed with status 3"),
    ],
    ids=["never ready", "release command fails"],
)
def test_a_version_that_fails_is_gone_and_what_served_serves(
    target: Target,
    version: Callable[..., Installed],
    line: str,
    put_in: str,
    expected: str,
) -> None:
    served, there = mode(target), names(target)
    broken = version("broken", ("fake.py", line, f"{line}\n{put_in}"))
    with constant_requests(target) as statuses, pytest.raises(ReleaseError, match=expected):
        target.releaser().roll_out("fake", broken)
    assert set(statuses) == {200}
    assert (mode(target), names(target)) == (served, there)


def test_what_the_canary_refuses_never_serves(
    target: Target, version: Callable[..., Installed]
) -> None:
    served, there = mode(target), names(target)

    def canary(serving: list[str], new: list[str]) -> None:
        (old,), (address,) = serving, new
        assert httpx.get(old, timeout=5).json()["mode"] == served
        assert httpx.get(address, timeout=5).json()["mode"] == "wrong"
        message = "wrong response"
        raise ReleaseError(message)

    with constant_requests(target) as statuses, pytest.raises(ReleaseError, match="wrong response"):
        target.releaser().roll_out("fake", version("wrong"), canary=canary)
    assert set(statuses) == {200}
    assert (mode(target), names(target)) == (served, there)


def test_the_edge_is_released_without_a_new_process(
    target: Target, version: Callable[..., Installed]
) -> None:
    pid, socket = target.find("edge")[0].pid, listening_socket(target)
    configured_before = configured_at(target)
    fresh = version("edge", ("Caddyfile", "reverse_proxy", "header X-Edge new\n\treverse_proxy"))
    with constant_requests(target) as statuses:
        target.releaser().roll_out("edge", fresh)
    # Caddy closes what it accepted and hasn't read yet when it gets a new configuration (decision
    # 16).
    closed = [it for it in statuses if it != 200]
    assert len(closed) <= REQUESTS_AT_ONCE
    assert all("RemoteProtocolError" in str(it) or "ReadError" in str(it) for it in closed), closed
    assert statuses.count(200) > len(closed)
    assert httpx.get(target.base_url, timeout=5).headers["x-edge"] == "new"
    assert target.find("edge")[0].pid == pid
    assert configured_at(target) > configured_before
    assert listening_socket(target) == socket, "who waits at another one is turned away"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("reverse_proxy", "nonsense", "refused"),
        ("{$WEB_UPSTREAMS}", "unknown.target", "not ready within"),
    ],
    ids=["not a configuration", "leads nowhere"],
)
def test_an_edge_that_can_t_serve_is_undone(
    target: Target, version: Callable[..., Installed], old: str, new: str, expected: str
) -> None:
    with pytest.raises(ReleaseError, match=expected):
        target.releaser().roll_out("edge", version("bad", ("Caddyfile", old, new)))
    assert httpx.get(target.base_url, timeout=5).status_code == 200
    assert Placement(target.run_dir).read().installed["edge"].version != "bad"


def test_a_unit_is_released_by_one_at_a_time(tmp_path: Path) -> None:
    with (
        one_release(tmp_path, "fake"),
        one_release(tmp_path, "edge"),
        pytest.raises(ReleaseError, match="fake is being released already"),
        one_release(tmp_path, "fake"),
    ):
        pass
    with one_release(tmp_path, "fake"):
        pass


def test_another_command_can_release_into_it(
    target: Target, architecture: Architecture, version: Callable[..., Installed]
) -> None:
    """The last test here: what deployed the target knows nothing of the new processes."""
    there = names(target)
    with constant_requests(target) as statuses:
        attach(architecture, target.run_dir).roll_out("fake", version("attached"))
    assert set(statuses) == {200}
    assert mode(target) == "attached"
    state = read_state(target.run_dir)
    assert state is not None
    assert len(names(target)) == len(there)
    assert all(it.alive for it in state.processes)
    assert state.facts["base_url"] == target.base_url
