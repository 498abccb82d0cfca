"""A small supervisor: starts processes, waits until they are ready, stops and kills them.

Every process leads a session of its own, logs into a file of its own, and is known by pid *and*
time of creation, so a pid that the kernel has given to another process is never signalled.
"""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import psutil

from backing.errors import StartError
from backing.lifetime import Keeper, kill_marked, new_mark, seconds_after_boot
from backing.usage import Usage, members, process_table, usage_of

# A companion plays a service outside of the run: it belongs to the tests or the harness.
Role = Literal["unit", "edge", "backing", "companion"]

PROBE_INTERVAL_SECONDS = 0.05
LOG_LINES_SHOWN = 15
STATE_FILE = "state.json"
NICEST = 19
# What a process inherits from this environment; everything else comes from its specification.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")
PASSED_ON_PREFIXES = ("BACKING_RUN_", "OPENBLAS_")


@dataclass(frozen=True)
class ProcessSpec:
    """How to start one process and how to see that it is ready.

    `ready` is called until it returns True. An OSError means "not yet"; the StartError of a process
    that never becomes ready has its text. `cores` are the cores that the process is pinned to;
    `nice` lets others on them go first: so much more than this process, inherited by its children.
    """

    name: str
    unit: str
    role: Role
    command: tuple[str, ...]
    directory: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[["Process"], bool] = lambda _process: True
    ready_seconds: float = 30.0
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 5.0
    cores: frozenset[int] | None = None
    nice: int = 0


@dataclass
class Process:
    """One started process. `retired_cpu_ms` is what its predecessors of the same name used.

    `created` is in seconds after the machine's start.
    """

    spec: ProcessSpec
    pid: int
    created: float
    log: Path
    retired_cpu_ms: float = 0.0

    @property
    def name(self) -> str:
        """Return the name, which is unique within the supervisor."""
        return self.spec.name

    @property
    def alive(self) -> bool:
        """Return whether the process still runs (a zombie doesn't)."""
        try:
            found = psutil.Process(self.pid)
            return (
                seconds_after_boot(found) == self.created and found.status() != psutil.STATUS_ZOMBIE
            )
        except psutil.Error:
            return False

    def usage(self, table: dict[int, Any] | None = None) -> Usage:
        """Return what the process and its descendants used, its predecessors' CPU time included."""
        now = usage_of(self.pid, table) if self.alive else Usage(0.0, 0, 0, 0)
        total = now.cpu_ms + self.retired_cpu_ms
        return Usage(total, now.rss_bytes, now.pss_bytes, now.processes)

    def last_lines(self, count: int = LOG_LINES_SHOWN) -> list[str]:
        """Return the last `count` lines of the log; none if it can't be read."""
        try:
            return self.log.read_text(errors="replace").splitlines()[-count:]
        except OSError:
            return []


class Supervisor:
    """Starts, watches and ends the processes of one run below `run_dir`.

    As a context manager it ends all of them on the way out. If this process dies without that,
    the keeper does it, unless `detach` was called.
    """

    def __init__(self, run_dir: Path) -> None:
        self.run_dir = run_dir.resolve()
        self.processes: dict[str, Process] = {}
        self.mark = new_mark()
        self.facts: dict[str, Any] = {}
        # What was stopped, with the CPU-ms that it had used, which belong to the target's sum.
        self.ended: list[tuple[Process, float]] = []
        self._keeper: Keeper | None = None
        self._is_adopted = False
        self._own: set[str] = set()  # names of what was started here
        self._gone: set[str] = set()
        self._lock = threading.RLock()
        for folder in (self.run_dir, self.run_dir / "logs"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @classmethod
    def adopted(cls, run_dir: Path, mark: str, processes: Iterable[Process]) -> "Supervisor":
        """Return a supervisor of a run that another command started and detached.

        Its processes can be stopped, but not restarted. What is started belongs to that run too and
        outlives this command.
        """
        supervisor = cls(run_dir)
        supervisor.mark, supervisor._is_adopted = mark, True
        supervisor.processes = {process.name: process for process in processes}
        return supervisor

    def __enter__(self) -> "Supervisor":
        """Return the supervisor; leaving the block ends all processes."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """End all processes."""
        self.stop_all()

    def start(self, spec: ProcessSpec) -> Process:
        """Start a process without waiting for it. A dead predecessor of that name is replaced."""
        with self._lock:
            if self._keeper is None and not self._is_adopted:
                self._keeper = Keeper(self.mark)
            predecessor = self.processes.get(spec.name)
            if predecessor is not None and predecessor.alive:
                message = f"{spec.name} is running already."
                raise StartError(message)
            process = self._spawn(spec)
            if predecessor is not None:
                process.retired_cpu_ms = predecessor.retired_cpu_ms
            self.processes[spec.name] = process
            self._own.add(spec.name)
            self._gone.discard(spec.name)
            self.save()
            return process

    def _spawn(self, spec: ProcessSpec) -> Process:
        log = self.run_dir / "logs" / f"{spec.name}.log"
        environment = {
            **{k: v for k, v in os.environ.items() if k in PASSED_ON},
            **{k: v for k, v in os.environ.items() if k.startswith(PASSED_ON_PREFIXES)},
            **spec.environment,
            self.mark: "1",
        }
        with log.open("ab") as output, _affinity(spec.cores):
            try:
                child = subprocess.Popen(
                    spec.command,
                    cwd=spec.directory,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as error:
                message = f"{spec.name} could not be started: {error}"
                raise StartError(message) from error
        if spec.nice:
            own = os.getpriority(os.PRIO_PROCESS, 0)
            os.setpriority(os.PRIO_PROCESS, child.pid, min(own + spec.nice, NICEST))
        child.returncode = 0  # psutil waits for it; keep Popen from warning
        return Process(spec, child.pid, seconds_after_boot(psutil.Process(child.pid)), log)

    def wait_ready(self, *processes: Process) -> None:
        """Probe until all are ready. StartError, with its log's end, for one that isn't in time."""
        deadlines = {p.name: time.monotonic() + p.spec.ready_seconds for p in processes}
        for process in processes:
            while (missing := _missing(process)) is not None:
                if not process.alive:
                    raise StartError(_failure_message(process, "ended before it was ready"))
                if time.monotonic() > deadlines[process.name]:
                    limit = f"was not ready within {process.spec.ready_seconds:g} s{missing}"
                    raise StartError(_failure_message(process, limit))
                time.sleep(PROBE_INTERVAL_SECONDS)

    def wait_end(self, process: Process, *, timeout_seconds: float) -> int | None:
        """Return the exit status of a process that ends by itself; None if it didn't in time."""
        try:
            status = psutil.Process(process.pid).wait(timeout_seconds)
        except psutil.TimeoutExpired:
            return None
        return status if status is None else int(status)

    def kill(self, process: Process, number: signal.Signals, *, descendants: bool = True) -> None:
        """Send a signal to the process and, with `descendants`, to everything below it."""
        with self._lock:
            if not process.alive:
                return
            used = usage_of(process.pid)
            group = members(process.pid, process_table()) if descendants else []
            targets = {process.pid, *(entry.pid for entry in group)}
            for pid in targets:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
        if number == signal.SIGKILL:
            _wait_gone([process], timeout_seconds=5.0)
            _reap([process])
            process.retired_cpu_ms += used.cpu_ms

    def kill_children(self, process: Process, number: signal.Signals) -> int:
        """Send a signal to all descendants of the process; return how many there were."""
        below = (
            [entry.pid for entry in members(process.pid, process_table())] if process.alive else []
        )
        targets = [pid for pid in below if pid != process.pid]
        for pid in targets:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        return len(targets)

    def stop(self, *processes: Process, grace_seconds: float | None = None) -> None:
        """Send each its stop signal, wait a bounded time, kill what is left, remove the entries."""
        self._stop(processes, grace_seconds)
        with self._lock:
            self.save()

    def _stop(self, processes: Iterable[Process], grace_seconds: float | None) -> None:
        used = [(process, process.usage().cpu_ms) for process in processes if process.alive]
        self._end(processes, grace_seconds)
        with self._lock:
            self.ended += used
            for process in processes:
                if self.processes.get(process.name) is process:
                    del self.processes[process.name]
                    self._own.discard(process.name)
                    self._gone.add(process.name)

    def restart(self, process: Process) -> Process:
        """Stop the process if it runs, start the same again, return that one when it is ready."""
        used = process.usage().cpu_ms
        self._end([process], None)
        process.retired_cpu_ms = used
        successor = self.start(process.spec)
        self.wait_ready(successor)
        return successor

    def _end(self, processes: Iterable[Process], grace_seconds: float | None) -> None:
        living = [process for process in processes if process.alive]
        for process in living:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, process.spec.stop_signal)
        for process in living:
            grace = process.spec.stop_seconds if grace_seconds is None else grace_seconds
            _wait_gone([process], timeout_seconds=grace)
        table = process_table()
        for process in living:
            # What a leader left behind has outlived it in its session. The leader itself isn't
            # reaped yet, so its pid can't be another process's.
            for entry in members(process.pid, table):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(entry.pid, signal.SIGKILL)
        _wait_gone(living, timeout_seconds=5.0)
        _reap(living)

    def stop_all(self, *, unit_grace_seconds: float | None = None) -> None:
        """End the edge, the units, the companions, the backing services and the keeper.

        `unit_grace_seconds` limits how long the units' work under way is waited for.
        """
        try:
            for role in ("edge", "unit", "companion", "backing"):
                grace = unit_grace_seconds if role == "unit" else None
                running = [p for p in self.processes.values() if p.spec.role == role]
                self._stop(running, grace)
        finally:
            kill_marked(self.mark)
            self._release_keeper()
        # A full disk leaves state.json as it was: a reader finds by their pids that all have ended
        with self._lock, contextlib.suppress(OSError):
            self.save()

    def detach(self) -> None:
        """Release the processes, so that they outlive this one (`make up`)."""
        self._release_keeper()

    def _release_keeper(self) -> None:
        if self._keeper is not None:
            self._keeper.release()
            self._keeper = None

    def save(self) -> None:
        """Write state.json, so that another command finds the processes and `facts` about them.

        In an adopted run others may start and stop processes too: only what was done here is
        changed in the file, under a lock.
        """
        path = self.run_dir / STATE_FILE
        if not self._is_adopted:
            self._write(path, {"facts": self.facts, "processes": self._entries(self.processes)})
            return
        with path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            state = json.loads(path.read_text())
            mine = self._own | self._gone
            kept = [entry for entry in state["processes"] if entry["name"] not in mine]
            self._write(path, {**state, "processes": kept + self._entries(self._own)})

    def _entries(self, names: Iterable[str]) -> list[dict[str, Any]]:
        return [
            {
                "name": p.name,
                "unit": p.spec.unit,
                "role": p.spec.role,
                "pid": p.pid,
                "created": p.created,
                "log": str(p.log),
            }
            for p in (self.processes[name] for name in names)
        ]

    def _write(self, path: Path, state: dict[str, Any]) -> None:
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps({**state, "mark": self.mark}, indent=2))
        fresh.replace(path)


def _missing(process: Process) -> str | None:
    """Return None if the process is ready, else the cause as far as the probe has one."""
    try:
        return None if process.alive and process.spec.ready(process) else ""
    except OSError as error:
        return f" (the last probe: {error})" if str(error) else ""


def _failure_message(process: Process, what: str) -> str:
    lines = "\n".join(f"  | {line}" for line in process.last_lines())
    return f"{process.name} {what}. Its log ({process.log}) ends with:\n{lines}"


def _wait_gone(processes: Iterable[Process], *, timeout_seconds: float) -> None:
    deadline = time.monotonic() + timeout_seconds
    for process in processes:
        while process.alive and time.monotonic() < deadline:
            time.sleep(0.02)


def _reap(processes: Iterable[Process]) -> None:
    for process in processes:
        with contextlib.suppress(ChildProcessError):  # started by another command
            os.waitpid(process.pid, os.WNOHANG)


@contextlib.contextmanager
def _affinity(cores: frozenset[int] | None) -> Any:
    """Pin this thread to `cores` within the block, so that a child started there inherits them."""
    if cores is None:
        yield
        return
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, own)
