"""Commands run isolated: with a limit, without a network, and with nothing left behind."""

import sys
import threading
import time
from pathlib import Path

import pytest

from benchmarks.experiments.isolation.commands import Runner, StoppedError

# A child in a session of its own, as suites start their servers, that ignores SIGTERM.
LEAVES_A_CHILD = """
import pathlib, subprocess, sys, time
deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"
child = subprocess.Popen([sys.executable, "-c", deaf], start_new_session=True)
pathlib.Path("pid").write_text(str(child.pid))
print("printed")
{end}
"""


def run(folder: Path, program: str, seconds: float, runner: Runner | None = None) -> "object":
    return (runner or Runner()).run(
        [sys.executable, "-c", program],
        folder=folder,
        scratch=folder / "scratch",
        environment={},
        limit_seconds=seconds,
    )


def is_gone(folder: Path) -> bool:
    return not Path(f"/proc/{(folder / 'pid').read_text()}").exists()


@pytest.mark.parametrize(
    ("end", "seconds", "status"),
    [("", 30.0, 0), ("sys.exit(3)", 30.0, 3), ("time.sleep(60)", 1.5, None)],
)
def test_nothing_is_left(tmp_path: Path, end: str, seconds: float, status: int | None) -> None:
    ended = Runner().run(
        [sys.executable, "-c", LEAVES_A_CHILD.format(end=end)],
        folder=tmp_path,
        scratch=tmp_path / "scratch",
        environment={},
        limit_seconds=seconds,
    )
    assert ended.status == status
    assert "printed" in ended.output
    assert ended.cpu_seconds is not None
    assert is_gone(tmp_path)


def test_stop_ends_what_runs(tmp_path: Path) -> None:
    runner = Runner()
    timer = threading.Timer(1.0, runner.stop)
    timer.start()
    began = time.monotonic()
    with pytest.raises(StoppedError):
        run(tmp_path, LEAVES_A_CHILD.format(end="time.sleep(60)"), 60.0, runner)
    timer.join()
    assert time.monotonic() - began < 15
    assert is_gone(tmp_path)
    with pytest.raises(StoppedError):
        run(tmp_path, "", 60.0, runner)
