"""The engine's own processes are found by name, counted, and moved to a budget's cores and back."""

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.targets.errors import EngineError
from benchmarks.targets.measure.engine_processes import EngineProcesses


@pytest.fixture(autouse=True)
def without_real_shims(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out those of an engine that runs on this machine."""
    monkeypatch.setattr("benchmarks.targets.measure.engine_processes.SHIM", "no-shim")


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Start a process that is called as no real engine is, and let it be one."""
    program = tmp_path / "engine-of-test"
    shutil.copy(shutil.which("sleep") or "/bin/sleep", program)
    monkeypatch.setattr(
        "benchmarks.targets.measure.engine_processes.NAMES", frozenset({program.name})
    )
    process = subprocess.Popen([str(program), "60"])
    yield process.pid
    process.kill()
    process.wait(timeout=5)


def test_its_cpu_time_and_memory_are_one_sample(engine: int) -> None:
    sample = EngineProcesses().sample()
    assert sample.pid == engine
    assert (sample.process, sample.unit, sample.role) == ("engine", "engine", "backing")
    assert sample.pss_bytes > 0


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="it needs two cores")
def test_it_is_moved_and_given_back(engine: int) -> None:
    before = os.sched_getaffinity(engine)
    processes = EngineProcesses()
    processes.narrow({min(before)})
    assert os.sched_getaffinity(engine) == {min(before)}
    processes.give_back()
    assert os.sched_getaffinity(engine) == before


def test_threads_of_another_user_are_one_sentence(
    engine: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_thread: int, _cores: set[int]) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    before = os.sched_getaffinity(engine)
    monkeypatch.setattr(os, "sched_setaffinity", refuse)
    processes = EngineProcesses()
    with pytest.raises(EngineError, match=r"can't be set \(Operation not permitted\): run this as"):
        processes.narrow({max(before) + 1})
    processes.give_back()
    assert os.sched_getaffinity(engine) == before


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="it needs two cores")
def test_a_thread_that_was_started_meanwhile_is_moved_too(
    engine: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = os.sched_getaffinity(engine)
    with subprocess.Popen(["sleep", "60"]) as first:
        rounds = iter([[first.pid]])
        monkeypatch.setattr(
            "benchmarks.targets.measure.engine_processes._threads",
            lambda: next(rounds, [first.pid, engine]),
        )
        processes = EngineProcesses()
        processes.narrow({min(before)})
        assert os.sched_getaffinity(engine) == os.sched_getaffinity(first.pid) == {min(before)}
        processes.give_back()
        assert os.sched_getaffinity(engine) == os.sched_getaffinity(first.pid) == before
        first.kill()


def test_without_an_engine_there_is_nothing_to_move(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.targets.measure.engine_processes.NAMES", frozenset())
    processes = EngineProcesses()
    processes.narrow({0})
    processes.give_back()
    assert processes.sample().cpu_ms == 0


def test_a_shim_is_counted_without_the_commands_that_it_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of probes are counted in the control group of their container."""
    module = "benchmarks.targets.measure.engine_processes"
    program = tmp_path / "shim-of-test"
    shutil.copy(shutil.which("sh") or "/bin/sh", program)
    monkeypatch.setattr(f"{module}.NAMES", frozenset({program.name}))
    busy = "(i=0; while [ $i -lt 300000 ]; do i=$((i + 1)); done); echo ended; read line"
    with subprocess.Popen(
        [str(program), "-c", busy], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ended\n"
        whole = EngineProcesses().sample().cpu_ms
        monkeypatch.setattr(f"{module}.SHIM", program.name)
        own = EngineProcesses().sample().cpu_ms
        process.communicate("\n", timeout=5)
    assert whole >= 50
    assert own < whole / 2
