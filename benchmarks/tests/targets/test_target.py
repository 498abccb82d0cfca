"""Deploying, scaling, killing and sampling, on a unit small enough to be seen through."""

import json
import os
import signal
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest
import redis
from benchmarks.targets import Target, deploy, uniform_replicas
from benchmarks.targets.architectures import Architecture
from benchmarks.tests.targets.conftest import COMPANION_CORES, TARGET_CORES

from backing import PlatformError, StartError
from backing.ports import is_free
from backing.state import read_state


def pid_behind(target: Target, path: str = "/") -> int:
    response = httpx.get(target.base_url + path, timeout=10)
    response.raise_for_status()
    return int(response.json()["pid"])


def cpu_ms(target: Target, name: str) -> float:
    (found,) = [sample.cpu_ms for sample in target.sample() if sample.process == name]
    return found


def test_every_process_of_the_procfile_runs_and_the_edge_responds(target: Target) -> None:
    names = {process.name for process in target.processes}
    assert names == {
        "postgres",
        "valkey",
        "s3",
        "dynamodb",
        "discovery",
        "edge",
        "fake-web-1",
        "fake-worker-1",
        "fake-sweeper-1",
        "friend",
    }
    assert pid_behind(target) in {process.pid for process in target.processes}


def test_the_release_command_ran_to_its_end_before_anything_else(
    target: Target, run_dir: Path
) -> None:
    assert (run_dir / "released").read_text().startswith("postgresql://")
    assert not [process for process in target.processes if "release" in process.name]
    log = run_dir / "logs" / "fake-release.log"
    assert log.read_text() == "release starts\n"
    assert log.stat().st_mtime <= (run_dir / "logs" / "fake-web-1.log").stat().st_mtime


def test_a_unit_gets_production_settings_and_only_what_it_needs(target: Target) -> None:
    (web,) = target.find("fake-web")
    assert web.spec.environment["ENVIRONMENT"] == "production"
    assert "AWS_ENDPOINT_URL_DYNAMODB" not in web.spec.environment
    assert "CACHE_URL" not in web.spec.environment


def test_secrets_lie_in_files_that_only_their_owner_reads(target: Target, run_dir: Path) -> None:
    for path in (run_dir / "state.json", run_dir / "data" / "signing-keys.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    keys = json.loads((run_dir / "data" / "signing-keys.json").read_text())["keys"]
    assert [(key["kty"], key["crv"]) for key in keys] == [("OKP", "Ed25519")]


def test_cpu_of_children_that_ended_is_counted(target: Target) -> None:
    before = cpu_ms(target, "fake-web-1")
    pid_behind(target, "/burn")
    assert cpu_ms(target, "fake-web-1") - before >= 250


def test_memory_of_a_child_is_counted_with_its_parent(target: Target) -> None:
    (worker,) = target.find("fake-worker")
    alone = psutil.Process(worker.pid).memory_info().rss
    (sample,) = [s for s in target.sample() if s.process == "fake-worker-1"]
    assert sample.rss_bytes > alone
    assert 0 < sample.pss_bytes <= sample.rss_bytes


def test_kill_ends_the_children_too_and_restart_brings_it_back(target: Target) -> None:
    (worker,) = target.find("fake-worker")
    children = psutil.Process(worker.pid).children(recursive=True)
    assert children
    target.kill("fake-worker-1", signal.SIGKILL)
    psutil.wait_procs(children, timeout=5)
    assert not worker.alive
    assert not [child for child in children if child.is_running()]
    target.restart("fake-worker-1")
    (successor,) = target.find("fake-worker")
    assert successor.alive
    assert successor.pid != worker.pid


def test_cpu_time_goes_on_over_a_restart(target: Target) -> None:
    pid_behind(target, "/burn")
    before = cpu_ms(target, "fake-web-1")
    target.kill("fake-web-1")
    assert cpu_ms(target, "fake-web-1") >= before
    target.restart("fake-web-1")
    assert cpu_ms(target, "fake-web-1") > before


def test_the_edge_follows_scaling_up_and_down(target: Target) -> None:
    target.scale("fake-web", 3)
    try:
        deadline = time.monotonic() + 10
        seen: set[int] = set()
        while len(seen) < 3 and time.monotonic() < deadline:
            seen.add(pid_behind(target))
        assert seen == {process.pid for process in target.find("fake-web")}
    finally:
        target.scale("fake-web", 1)
    (left,) = target.find("fake-web")
    assert {pid_behind(target) for _ in range(10)} == {left.pid}


def test_scaling_reports_how_long_the_start_took_and_pins_what_it_starts(target: Target) -> None:
    began = time.monotonic()
    up_seconds = target.scale("fake-worker", 3)
    try:
        assert 0.03 < up_seconds <= time.monotonic() - began
        cores = {p.name: os.sched_getaffinity(p.pid) for p in target.find("fake-worker")}
        assert cores == {f"fake-worker-{number}": TARGET_CORES for number in (1, 2, 3)}
    finally:
        down_seconds = target.scale("fake-worker", 1)
    assert down_seconds == 0


def test_a_request_under_way_is_completed_while_its_process_is_scaled_away(target: Target) -> None:
    target.scale("fake-web", 3)
    try:
        with ThreadPoolExecutor(8) as pool:  # over three processes
            responses = [
                pool.submit(httpx.get, f"{target.base_url}/slow", timeout=10) for _ in range(8)
            ]
            time.sleep(0.5)
            target.scale("fake-web", 1)
            assert {response.result().status_code for response in responses} == {200}
    finally:
        target.scale("fake-web", 1)


def test_a_worker_that_is_scaled_away_finishes_what_it_holds(target: Target, run_dir: Path) -> None:
    target.scale("fake-worker", 2)
    (run_dir / "busy").touch()
    try:
        target.scale("fake-worker", 1)
    finally:
        (run_dir / "busy").unlink()
    log = (run_dir / "logs" / "fake-worker-2.log").read_text()
    assert log.endswith("the work is done\n")


def test_the_database_connections_are_shared_out_among_the_web_processes(target: Target) -> None:
    def pool(name: str) -> str:
        (process,) = target.find(name)
        return process.spec.environment["DATABASE_POOL_SIZE"]

    assert pool("fake-web-1") == "3"
    with pytest.raises(ValueError, match="4 web processes can't share 3 database connections"):
        target.scale("fake-web", 4)
    assert len(target.find("fake-web")) == 1
    target.scale("fake-web", 2)
    try:
        assert pool("fake-web-2") == "1"
    finally:
        target.scale("fake-web", 1)


def test_a_companion_is_outside_the_target_but_known_to_its_units(target: Target) -> None:
    (friend,) = target.find("friend")
    assert os.sched_getaffinity(friend.pid) == COMPANION_CORES
    assert "friend" not in {sample.process for sample in target.sample()}
    companions = [it.process for it in target.sample_companions() if it.role == "companion"]
    assert companions == ["friend"]
    (web,) = target.find("fake-web")
    assert web.spec.environment["FRIEND"] == "near"


def test_what_is_deployed_apart_goes_after_all_others_and_isn_t_the_target_s(
    target: Target,
) -> None:
    (sweeper,) = target.find("fake-sweeper")
    assert os.sched_getaffinity(sweeper.pid) == COMPANION_CORES
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, sweeper.pid) == min(own + 10, 19)
    assert "fake-sweeper-1" not in {sample.process for sample in target.sample()}
    apart = [it.process for it in target.sample_companions() if it.role != "companion"]
    assert apart == ["fake-sweeper-1"]
    (web,) = target.find("fake-web")
    assert os.getpriority(os.PRIO_PROCESS, web.pid) == own


def test_what_can_be_apart_is_a_process_type_or_the_function(
    architecture: Architecture, tmp_path: Path
) -> None:
    with pytest.raises(KeyError, match="no process type fake-reader"):
        deploy(architecture, run_dir=tmp_path, apart={"fake-reader": COMPANION_CORES})


def test_counters_count_messages_and_statements(target: Target) -> None:
    (web,) = target.find("fake-web")
    before = target.counters()
    with redis.Redis.from_url(web.spec.environment["BROKER_URL"]) as broker:
        for number in range(5):
            broker.lpush("queue-without-consumer", number)
    with psycopg.connect(web.spec.environment["DATABASE_URL"], autocommit=True) as connection:
        for number in range(3):
            connection.execute("SELECT %s", (number,))
    counted = target.counters().since(before)
    assert counted["messages_published"] == 5
    assert counted["database_statements"] == 3
    assert counted["loopback_bytes"] > 0


def test_a_whole_architecture_has_one_sweeper_all_the_same(architecture: Architecture) -> None:
    assert uniform_replicas(architecture, 4) == {"fake-web": 4, "fake-worker": 4}
    assert uniform_replicas("microservices", 2) == {
        "accounts-web": 2,
        "submissions-web": 2,
        "submissions-consumer": 2,
        "recognition-worker": 2,
    }


def test_an_unknown_type_of_replicas_is_named_with_the_known_ones(
    architecture: Architecture, tmp_path: Path
) -> None:
    with pytest.raises(KeyError, match=r"fake-workers.*fake-web, fake-worker, fake-sweeper"):
        deploy(architecture, run_dir=tmp_path, replicas={"fake-workers": 2})


def test_a_stopped_process_can_be_continued(target: Target) -> None:
    target.kill("fake-web", signal.SIGSTOP)
    with pytest.raises(httpx.TimeoutException):
        httpx.get(target.base_url, timeout=0.5)
    target.kill("fake-web", signal.SIGCONT)
    assert pid_behind(target)


def test_an_unknown_process_is_named_with_the_known_ones(target: Target) -> None:
    with pytest.raises(KeyError, match="fake-web-1"):
        target.kill("unknown")


def test_a_run_that_is_up_is_not_overwritten(
    target: Target, run_dir: Path, architecture: Architecture
) -> None:
    with pytest.raises(PlatformError, match="make down"):
        deploy(architecture, run_dir=run_dir)
    assert pid_behind(target)


def test_an_unknown_architecture_is_named_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(PlatformError, match="monolith, microservices"):
        deploy("mainframe", run_dir=tmp_path)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"FAKE_RELEASE": "broken"}, "fake-release failed with status 1"),
        ({"FAKE_WEB": "broken"}, "the fake web process is configured to break"),
    ],
)
def test_a_failed_start_names_the_log_and_leaves_nothing_behind(
    architecture: Architecture, tmp_path: Path, fault: dict[str, str], expected: str
) -> None:
    settings = {"RELEASED": str(tmp_path / "released"), "BUSY": str(tmp_path / "busy"), **fault}
    with pytest.raises(StartError, match=expected):
        deploy(architecture, run_dir=tmp_path, settings=settings)
    state = read_state(tmp_path)
    assert state is not None
    assert not state.alive
    assert is_free(architecture.edge_port)


def test_a_used_edge_port_is_reported_before_anything_starts(
    target: Target, tmp_path: Path, architecture: Architecture
) -> None:
    taken = int(target.base_url.rpartition(":")[2])
    with pytest.raises(PlatformError, match=f"Port {taken} .* is taken"):
        deploy(architecture, run_dir=tmp_path, edge_port=taken)
    assert not (tmp_path / "logs").exists()
