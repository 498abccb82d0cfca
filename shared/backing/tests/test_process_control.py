"""Commands that are run with a limit end together, and a process ends with the one above it."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from process_control import parent_death
from process_control.command_runner import CommandRunner, Ended, Ending, StoppedError

LIMIT_SECONDS = 60.0


def run(
    runner: CommandRunner, folder: Path, script: str, *, limit_seconds: float = LIMIT_SECONDS
) -> tuple[Ended, str]:
    with (folder / "log").open("wb") as log:
        ended = runner.run(
            ["/bin/sh", "-c", script],
            folder=folder,
            environment={"PATH": "/usr/bin:/bin", "COLOUR": "red"},
            log=log,
            limit_seconds=limit_seconds,
        )
    return ended, (folder / "log").read_text()


def is_running(pid: int) -> bool:
    """Whether there is such a process, which hasn't ended."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


def has_ended(pid: int) -> bool:
    """Whether a process ends soon: one that is killed with its group ends in its own time."""
    limit = time.monotonic() + LIMIT_SECONDS
    while is_running(pid) and time.monotonic() < limit:
        time.sleep(0.01)
    return not is_running(pid)


def test_a_command_s_status_and_output_are_kept(tmp_path: Path) -> None:
    ended, output = run(CommandRunner(Ending()), tmp_path, 'echo "$COLOUR"; echo b >&2; exit 3')
    assert (ended.status, output) == (3, "red\nb\n")


@pytest.mark.parametrize(
    ("script", "ending"),
    [
        ("sleep 600; true", Ending(signal.SIGTERM)),
        ("exec sleep 600", Ending(signal.SIGTERM, to_group=False)),
        # It ignores the signal, and is killed with its children.
        ("trap '' TERM; sleep 600 & echo $!; wait", Ending(signal.SIGTERM, grace_seconds=0.2)),
    ],
)
def test_a_command_is_ended_at_its_limit(tmp_path: Path, script: str, ending: Ending) -> None:
    ended, output = run(CommandRunner(ending), tmp_path, script, limit_seconds=0.3)
    assert ended.status is None
    assert ended.seconds >= 0.3
    for pid in map(int, output.split()):
        assert has_ended(pid)


@pytest.mark.parametrize("to_group", [True, False])
def test_stop_ends_what_runs_and_starts_nothing(tmp_path: Path, to_group: bool) -> None:
    runner = CommandRunner(Ending(signal.SIGTERM, to_group=to_group))
    stopped: list[str] = []

    def run_one() -> None:
        try:
            run(runner, tmp_path, "echo up; exec sleep 600")
        except StoppedError:
            stopped.append("stopped")

    thread = threading.Thread(target=run_one)
    thread.start()
    deadline = time.monotonic() + LIMIT_SECONDS
    while not (tmp_path / "log").exists() or "up" not in (tmp_path / "log").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    runner.stop()
    thread.join(LIMIT_SECONDS)
    assert stopped == ["stopped"]
    with pytest.raises(StoppedError):
        run(runner, tmp_path, "true")


def test_a_bound_command_is_interrupted_when_its_starter_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "interrupted"
    command = f"trap 'echo yes > {note}; exit' INT; echo up; while true; do sleep 0.05; done"
    code = (
        "import subprocess, sys; subprocess.run("
        f"[sys.executable, {parent_death.__file__!r}, '/bin/sh', '-c', {command!r}])"
    )
    starter = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert starter.stdout is not None
    assert starter.stdout.readline() == b"up\n"
    starter.kill()
    starter.wait()
    deadline = time.monotonic() + LIMIT_SECONDS
    while not note.exists() or note.read_text() != "yes\n":
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_process_control_uses_the_standard_library_alone() -> None:
    folder = Path(parent_death.__file__).parent
    code = (
        f"import sys; sys.path.insert(0, {str(folder.parent)!r}); "
        "import process_control.command_runner, process_control.descendants, "
        "process_control.isolated_command, process_control.parent_death; "
        "print([m for m in sys.modules if 'site-packages' in "
        "(getattr(sys.modules[m], '__file__', None) or '')])"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], check=True, capture_output=True, text=True
    )
    assert done.stdout == "[]\n"
