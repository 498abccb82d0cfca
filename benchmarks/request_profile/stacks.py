"""Samples the stacks of a target's Python processes with py-spy while calls of one kind are made.

Sampling costs CPU time, so it is done on a deployment whose CPU time isn't used otherwise.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

from backing import Process
from backing.usage import members, process_table
from benchmarks.request_profile.errors import SamplingError
from benchmarks.request_profile.samples import Thread, samples_by_thread, shares
from benchmarks.targets import Target
from benchmarks.targets.local.launcher import type_of

SAMPLES_PER_SECOND = 200
START_SECONDS = 30.0  # of py-spy, which reads the symbols of each process first
_TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
_UNSAMPLED = "sweeper"  # does nothing for a request

Shares = dict[str, dict[str, float]]  # of CPU time, by process type and layer


class Sampler:
    """Samples until it fails once; `problem` is the reason then, in one sentence."""

    def __init__(self, folder: Path, seconds: float) -> None:
        """Take the folder of the stacks' files, and how long each kind is sampled."""
        self.problem = ""
        self._folder = folder
        self._seconds = seconds
        self._executable = Path(sys.executable).with_name("py-spy")

    def sample(self, target: Target, name: str, call: Callable[[], None]) -> Shares:
        """Make calls while py-spy samples; return the shares. Empty from the first failure on."""
        if self.problem:
            return {}
        try:
            return self._sample(target, name, call)
        except SamplingError as error:
            self.problem = str(error)
            return {}

    def _sample(self, target: Target, name: str, call: Callable[[], None]) -> Shares:
        self._folder.mkdir(parents=True, exist_ok=True)
        sampled = [it for it in target.processes if _is_sampled(it)]
        files = {it.name: self._folder / f"{target.arch}-{name}-{it.name}.txt" for it in sampled}
        before = {it.name: _thread_times(it) for it in sampled}
        with ExitStack() as running:
            started = [self._start(it, files[it.name], running) for it in sampled]
            deadline = time.monotonic() + self._seconds + START_SECONDS
            while any(it.poll() is None for it in started):
                if time.monotonic() > deadline:
                    raise SamplingError("Stacks weren't sampled: py-spy didn't end in time.")
                call()
            for sampling in started:
                _check(sampling)
        found: Shares = {}
        for process in sampled:
            used = _since(before[process.name], _thread_times(process))
            found[type_of(process.name)] = shares(used, _read(files[process.name]))
        return {process_type: layers for process_type, layers in found.items() if layers}

    def _start(self, process: Process, file: Path, running: ExitStack) -> subprocess.Popen[str]:
        command = [
            *(str(self._executable), "record", "--pid", str(process.pid), "--subprocesses"),
            # Stopping the process for each sample would make threads look busy that wait.
            *("--nonblocking", "--threads", "--format", "raw", "--full-filenames", "--function"),
            *("--output", str(file)),
            *("--rate", str(SAMPLES_PER_SECOND), "--duration", f"{self._seconds:.0f}"),
        ]
        try:
            started = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
            )
        except OSError as error:
            raise SamplingError(
                f"Stacks weren't sampled: py-spy can't be started ({error.strerror})."
            ) from error
        running.callback(_end, started)
        return started


def _is_sampled(process: Process) -> bool:
    return process.spec.role == "unit" and not type_of(process.name).endswith(_UNSAMPLED)


def _check(process: subprocess.Popen[str]) -> None:
    """Raise SamplingError, with the last line that py-spy printed, if it failed."""
    _, printed = process.communicate(timeout=START_SECONDS)
    if process.returncode != 0:
        lines = [line.strip() for line in printed.splitlines() if line.strip()]
        raise SamplingError(
            f"Stacks weren't sampled: py-spy failed ({lines[-1] if lines else 'without a reason'})."
        )


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()  # py-spy lets the sampled process go first
        with suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=5)
    if process.poll() is None:
        process.kill()
        process.communicate(timeout=5)


def _thread_times(process: Process) -> dict[Thread, float]:
    """Return the CPU-ms of each thread of a process and its descendants."""
    found = {}
    for entry in members(process.pid, process_table()):
        for task in Path(f"/proc/{entry.pid}/task").glob("*/stat"):
            with suppress(OSError):
                line = task.read_bytes()
                name = line[line.index(b"(") + 1 : line.rindex(b")")].decode(errors="replace")
                user, system = line[line.rindex(b")") + 2 :].split()[11:13]
                thread = Thread(int(task.parent.name), entry.pid, name)
                found[thread] = (int(user) + int(system)) * _TICK_MS
    return found


def _since(before: Mapping[Thread, float], after: Mapping[Thread, float]) -> dict[Thread, float]:
    return {thread: ms - before.get(thread, 0.0) for thread, ms in after.items()}


def _read(file: Path) -> dict[int, Counter[str]]:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise SamplingError(f"Stacks weren't sampled: {file} can't be read.") from error
    return samples_by_thread(text.splitlines())
