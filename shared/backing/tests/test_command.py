"""`python -m backing run`: a command gets backing services, which end with it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from backing.ports import free_ports

PACKAGE = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PACKAGE)}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "backing", *arguments]
    return subprocess.run(
        command, check=False, capture_output=True, text=True, env=ENVIRONMENT, timeout=60
    )


def test_the_command_sees_the_settings_and_gives_the_status() -> None:
    done = run("run", "valkey", "--", "sh", "-c", "echo $BROKER_URL; exit 7")
    assert done.returncode == 7
    assert done.stdout.startswith("redis://:")


@pytest.mark.parametrize(
    "arguments", [(), ("run",), ("run", "--"), ("run", "oracle", "--", "true"), ("walk", "--")]
)
def test_a_wrong_call_gets_the_usage(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "python -m backing run" in done.stderr


def test_an_interrupted_run_leaves_no_process_and_no_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "backing", "run", "valkey", "--", "sleep", "600"]
    environment = {**ENVIRONMENT, "TMPDIR": str(tmp_path)}
    running = psutil.Popen(command, env=environment, start_new_session=True)
    try:
        deadline = time.monotonic() + 20
        while "sleep" not in [child.name() for child in running.children()]:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        children = running.children(recursive=True)
        os.killpg(running.pid, signal.SIGINT)
        running.wait(timeout=20)
    finally:
        if running.is_running():
            running.kill()
    _, alive = psutil.wait_procs(children, timeout=5)
    assert not alive
    assert not list(tmp_path.glob("backing-*/logs"))


def test_ports_are_distinct_and_outside_the_kernels_own_range() -> None:
    ports = free_ports(40)
    assert len(set(ports)) == 40
    first_outgoing = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert max(ports) < first_outgoing
