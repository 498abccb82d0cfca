"""The supervisor, on processes that take a second to write."""

import dataclasses
import errno
import os
import re
import signal
import time
from pathlib import Path
from typing import get_args

import psutil
import pytest

from backing.errors import StartError
from backing.lifetime import running, wait_gone
from backing.processes import Process, Role, Supervisor
from backing.state import read_state
from tests.conftest import FORKS, printed, python_spec

DEAF = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf');"
    "time.sleep(600)"
)


def children_of(process: Process) -> list[psutil.Process]:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        found = psutil.Process(process.pid).children(recursive=True)
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("no child")


def test_ready_is_probed_until_it_is_so(supervisor: Supervisor) -> None:
    code = "import time; time.sleep(0.4); print('here I am'); time.sleep(600)"
    process = supervisor.start(python_spec(code, ready=lambda p: printed("here I am", p)))
    supervisor.wait_ready(process)
    assert printed("here I am", process)


def test_one_that_ends_early_is_reported_with_its_log(supervisor: Supervisor) -> None:
    spec = python_spec("print('no such table'); raise SystemExit(3)", ready=lambda _p: False)
    process = supervisor.start(spec)
    with pytest.raises(StartError, match=r"(?s)ended before it was ready.*no such table"):
        supervisor.wait_ready(process)


def test_one_that_is_never_ready_is_reported_at_its_limit(supervisor: Supervisor) -> None:
    spec = python_spec(
        "print('thinking'); import time; time.sleep(600)",
        ready=lambda _p: False,
        ready_seconds=0.5,
    )
    with pytest.raises(StartError, match=r"(?s)not ready within 0.5 s.*thinking"):
        supervisor.wait_ready(supervisor.start(spec))


def test_the_message_has_what_the_last_probe_found(supervisor: Supervisor) -> None:
    def refused(_process: Process) -> bool:
        raise ConnectionRefusedError("127.0.0.1:9 refused")

    spec = python_spec("import time; time.sleep(600)", ready=refused, ready_seconds=0.3)
    with pytest.raises(StartError, match=r"\(the last probe: 127.0.0.1:9 refused\)"):
        supervisor.wait_ready(supervisor.start(spec))


def test_a_refused_probe_means_not_yet(supervisor: Supervisor) -> None:
    calls: list[int] = []

    def refuse_twice(_process: Process) -> bool:
        calls.append(1)
        if len(calls) < 3:
            raise ConnectionRefusedError
        return True

    spec = python_spec("import time; time.sleep(600)", ready=refuse_twice)
    supervisor.wait_ready(supervisor.start(spec))
    assert len(calls) == 3


def test_a_missing_command_is_reported(supervisor: Supervisor) -> None:
    spec = python_spec("")
    missing = type(spec)("x", "unit", "unit", ("/no/such/command",), Path("/"))
    with pytest.raises(StartError, match="x could not be started"):
        supervisor.start(missing)


def test_stop_is_bounded_for_one_that_ignores_sigterm(supervisor: Supervisor) -> None:
    spec = python_spec(DEAF, ready=lambda p: printed("deaf", p), stop_seconds=0.3)
    process = supervisor.start(spec)
    supervisor.wait_ready(process)
    started = time.monotonic()
    supervisor.stop(process)
    assert not process.alive
    assert 0.3 <= time.monotonic() - started < 4.5  # the default is 5 s


def test_stop_takes_along_what_the_leader_left(supervisor: Supervisor) -> None:
    process = supervisor.start(python_spec(FORKS))
    left = children_of(process)
    supervisor.stop(process)
    assert wait_gone(left, timeout_seconds=2)


def test_all_are_ended_whatever_their_role(supervisor: Supervisor) -> None:
    spec = python_spec("import time; time.sleep(600)")
    started = [
        supervisor.start(dataclasses.replace(spec, name=role, role=role)) for role in get_args(Role)
    ]
    supervisor.stop_all()
    assert supervisor.processes == {}
    assert not [process.name for process in started if process.alive]


class OnFullDisk(Supervisor):
    """A supervisor whose disk is full from some moment on."""

    is_full = False

    def save(self) -> None:
        if self.is_full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        super().save()


def test_all_are_ended_though_the_disk_is_full(tmp_path: Path) -> None:
    with OnFullDisk(tmp_path) as supervisor:
        specs = [
            dataclasses.replace(python_spec("import time; time.sleep(600)"), name=role, role=role)
            for role in get_args(Role)
        ]
        processes = [supervisor.start(spec) for spec in specs]
        supervisor.is_full = True
        supervisor.stop_all()
        assert [process.alive for process in processes] == [False] * len(processes)
        assert supervisor.processes == {}
        state = read_state(tmp_path)
        assert state is not None
        assert not state.alive, "what was written before is read right"


def test_kill_can_spare_the_children(supervisor: Supervisor) -> None:
    process = supervisor.start(python_spec(FORKS))
    (child,) = children_of(process)
    supervisor.kill(process, signal.SIGKILL, descendants=False)
    assert not process.alive
    assert running(child)


def test_a_reused_pid_is_not_killed(supervisor: Supervisor) -> None:
    process = supervisor.start(python_spec("import time; time.sleep(600)"))
    innocent = psutil.Popen(["sleep", "600"], start_new_session=True)
    try:
        stale = Process(process.spec, innocent.pid, process.created - 100, process.log)
        assert not stale.alive
        supervisor.kill(stale, signal.SIGKILL)
        supervisor.stop(stale)
        assert running(innocent)
    finally:
        innocent.kill()
        innocent.wait()


def test_a_process_is_the_same_one_after_the_clock_was_set(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel gives the time of its start by the clock of now."""
    process = supervisor.start(python_spec("import time; time.sleep(600)"))
    supervisor.save()
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            (tmp_path / entry.name).symlink_to(entry)
    before = Path("/proc/stat").read_text()
    later = re.sub(r"(?<=btime )\d+", lambda found: str(int(found[0]) + 3600), before)
    (tmp_path / "stat").write_text(later)
    monkeypatch.setattr(psutil, "PROCFS_PATH", str(tmp_path))
    assert process.alive
    state = read_state(supervisor.run_dir)
    assert state is not None
    assert state.alive


def test_another_command_reads_the_state_file(supervisor: Supervisor) -> None:
    process = supervisor.start(python_spec("import time; time.sleep(600)"))
    supervisor.facts = {"base_url": "http://127.0.0.1:1"}
    supervisor.save()
    state = read_state(supervisor.run_dir)
    assert state is not None
    assert [(p.name, p.pid, p.alive) for p in state.processes] == [("victim", process.pid, True)]
    assert state.facts["base_url"] == "http://127.0.0.1:1"
    supervisor.kill(process, signal.SIGKILL)
    assert not state.alive


@pytest.mark.parametrize("content", ["", "{", "[]", '{"processes": [{}]}'])
def test_a_broken_state_file_is_no_state(tmp_path: Path, content: str) -> None:
    (tmp_path / "state.json").write_text(content)
    assert read_state(tmp_path) is None


def test_a_process_gets_its_own_settings_and_not_ours(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "other")
    spec = python_spec(
        "import os, time; print(sorted(os.environ)); time.sleep(600)",
        environment={"GIVEN": "1"},
        ready=lambda p: printed("GIVEN", p),
    )
    process = supervisor.start(spec)
    supervisor.wait_ready(process)
    assert not printed("AWS_PROFILE", process)


def test_cores_are_inherited_and_given_back(supervisor: Supervisor) -> None:
    own = os.sched_getaffinity(0)
    core = min(own)
    process = supervisor.start(python_spec("import time; time.sleep(600)", cores=frozenset({core})))
    assert os.sched_getaffinity(process.pid) == {core}
    assert os.sched_getaffinity(0) == own


def test_a_nice_process_lets_others_go_first_and_so_do_its_children(supervisor: Supervisor) -> None:
    code = (
        "import os, time; time.sleep(0.2); print('nice', os.nice(0), flush=True); time.sleep(600)"
    )
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {code!r}])"
    process = supervisor.start(python_spec(child, nice=7, ready=lambda p: printed("nice", p)))
    supervisor.wait_ready(process)
    expected = min(os.getpriority(os.PRIO_PROCESS, 0) + 7, 19)
    assert os.getpriority(os.PRIO_PROCESS, process.pid) == expected
    assert printed(f"nice {expected}", process)


def test_usage_counts_what_ended_children_used(supervisor: Supervisor) -> None:
    burn = "import time; e = time.process_time() + 0.3\nwhile time.process_time() < e: pass"
    code = (
        "import subprocess, sys, time;"
        f"subprocess.run([sys.executable, '-c', {burn!r}]); print('burnt'); time.sleep(600)"
    )
    process = supervisor.start(python_spec(code, ready=lambda p: printed("burnt", p)))
    supervisor.wait_ready(process)
    assert process.usage().cpu_ms >= 290
    assert process.usage().processes == 1
