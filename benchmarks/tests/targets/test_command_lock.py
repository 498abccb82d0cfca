"""One command at a time: who waits, for how long, and what frees the lock."""

import fcntl
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from benchmarks.command_line import main
from benchmarks.commands import up
from benchmarks.targets.local.command_lock import only_one, refuse_beside_measurement

from backing import PlatformError

HOLDER = """
import sys, time
from pathlib import Path
import benchmarks
from benchmarks.targets.local.command_lock import only_one
with only_one(Path(sys.argv[1]), "monolith", report=print):
    print("held", flush=True)
    time.sleep(600)
"""
REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture
def holder(tmp_path: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "run" / "a.lock")],
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_second_is_refused_in_a_sentence_with_the_first_s_pid(
    holder: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    lock = tmp_path / "run" / "a.lock"
    try:
        with (
            pytest.raises(PlatformError) as found,
            only_one(lock, "monolith", report=lambda _: None, wait_seconds=0),
        ):
            raise AssertionError("it is held")
        assert f"monolith: another command (process {holder.pid}) still holds the lock" in str(
            found.value
        )
    finally:
        holder.kill()
        holder.communicate()


def test_kill_9_of_the_first_lets_the_second_go_on(
    holder: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    reports: list[str] = []

    def report(line: str) -> None:
        reports.append(line)
        threading.Thread(target=holder.kill).start()

    with only_one(tmp_path / "run" / "a.lock", "monolith", report=report):
        pass
    holder.communicate()
    assert reports == [
        f"monolith: another command (process {holder.pid}) is running; waiting for it to end."
    ]


def test_nothing_is_started_beside_a_measurement_and_two_that_look_pass(
    holder: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    lock = tmp_path / "run" / "a.lock"
    try:
        with pytest.raises(PlatformError) as found:
            refuse_beside_measurement(lock, "monolith")
        assert f"monolith: another command (process {holder.pid}) is measuring" in str(found.value)
    finally:
        holder.kill()
        holder.communicate()
    refuse_beside_measurement(lock, "monolith")
    with lock.open() as other:
        fcntl.flock(other, fcntl.LOCK_SH)  # another caller looks at the same moment
        refuse_beside_measurement(lock, "monolith")
    refuse_beside_measurement(tmp_path / "no.lock", "monolith")


def test_up_is_refused_while_a_comparison_measures(
    holder: "subprocess.Popen[str]",
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(up, "MEASUREMENT_LOCK", tmp_path / "run" / "a.lock")
    monkeypatch.setattr(up, "RUN", tmp_path / "run")
    monkeypatch.setattr(up, "end_with_parent", lambda: None)
    monkeypatch.setattr(up, "deploy", _refuse)
    try:
        assert main(["up", "monolith"]) == 1
        assert " is measuring, and what starts now would take its ports" in capsys.readouterr().err
    finally:
        holder.kill()
        holder.communicate()


def _refuse(*_arguments: object, **_options: object) -> None:
    raise PlatformError("deployed beside a measurement")


def test_a_folder_that_can_t_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(PlatformError, match=r"a\.lock can't be written \("),
        only_one(tmp_path / "file" / "a.lock", "monolith", report=print),
    ):
        raise AssertionError("there is no such folder")
