"""Whatever becomes of the command that started them, nothing is left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from backing.lifetime import kill_marked, marked, running
from backing.state import end_run, read_state

PACKAGE = Path(__file__).parents[1]
# Starts one process that leads a session and forks into another, prints that, and waits.
STARTER = """
import signal, sys, time
from pathlib import Path
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # below nohup it would be ignored
from backing.lifetime import die_with_parent
from backing.processes import ProcessSpec, Supervisor
die_with_parent()
supervisor = Supervisor(Path(sys.argv[1]))
forks = "import os, time; os.fork() == 0 and os.setsid(); time.sleep(600)"
command = (sys.executable, "-c", forks)
supervisor.start(ProcessSpec("victim", "unit", "unit", command, Path("/")))
if sys.argv[2] == "detach":
    supervisor.detach()
print("started", flush=True)
time.sleep(600)
"""


def start(run_dir: Path, mode: str, *, below_a_shell: bool = False) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", STARTER, str(run_dir), mode]
    if below_a_shell:  # as below make; the second command keeps the shell from replacing itself
        command = ["/bin/sh", "-c", '"$@"; true', "sh", *command]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    starter = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, start_new_session=True
    )
    assert starter.stdout is not None
    assert starter.stdout.readline() == b"started\n"
    return starter


def living(run_dir: Path, *, expected: int, seconds: float = 10) -> int:
    """How many of the run's processes live, as soon as it is as expected, or at the limit."""
    state = read_state(run_dir)
    assert state is not None
    deadline = time.monotonic() + seconds
    while len(marked(state.mark)) != expected and time.monotonic() < deadline:
        time.sleep(0.05)
    return len(marked(state.mark))


@pytest.fixture
def run_dir(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "run"
    state = read_state(tmp_path / "run")
    if state is not None:
        kill_marked(state.mark)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
def test_nothing_outlives_the_starter(run_dir: Path, number: signal.Signals) -> None:
    starter = start(run_dir, "stay")
    assert living(run_dir, expected=2) == 2
    starter.send_signal(number)
    starter.wait(timeout=10)
    assert living(run_dir, expected=0) == 0


def test_nothing_outlives_the_make_above_the_starter(run_dir: Path) -> None:
    shell = start(run_dir, "stay", below_a_shell=True)
    assert living(run_dir, expected=2) == 2
    shell.kill()
    shell.wait(timeout=10)
    assert living(run_dir, expected=0) == 0


def test_what_was_detached_lives_on_until_it_is_ended(run_dir: Path) -> None:
    starter = start(run_dir, "detach")
    starter.kill()
    starter.wait(timeout=10)
    assert living(run_dir, expected=2) == 2
    time.sleep(0.5)
    assert living(run_dir, expected=2) == 2
    state = read_state(run_dir)
    assert state is not None
    assert end_run(state) == 1
    assert not marked(state.mark)
    assert read_state(run_dir) is None


def test_a_neighbour_without_the_mark_is_spared(run_dir: Path) -> None:
    neighbour = psutil.Popen(["sleep", "600"])
    try:
        starter = start(run_dir, "stay")
        starter.kill()
        starter.wait(timeout=10)
        assert living(run_dir, expected=0) == 0
        assert running(neighbour)
    finally:
        neighbour.kill()
        neighbour.wait()
