"""Read the state.json of a run that another command started; continue that run or end it."""

import contextlib
import json
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import psutil

from backing.lifetime import kill_marked, running, seconds_after_boot, wait_gone
from backing.processes import STATE_FILE, Process, ProcessSpec, Role, Supervisor

_GRACE_SECONDS = 5.0


@dataclass(frozen=True)
class Recorded:
    """A process as recorded in state.json; `alive` if pid and time of creation still match.

    `created` is in seconds after the machine's start.
    """

    name: str
    unit: str
    role: str
    pid: int
    created: float
    log: Path

    @property
    def process(self) -> psutil.Process | None:
        """Return the process if it is the recorded one and runs, else None."""
        try:
            found = psutil.Process(self.pid)
            return found if seconds_after_boot(found) == self.created and running(found) else None
        except psutil.Error:
            return None

    @property
    def alive(self) -> bool:
        """Return whether the recorded process runs."""
        return self.process is not None


@dataclass(frozen=True)
class RunState:
    """What another command recorded about the processes that it started."""

    run_dir: Path
    mark: str
    facts: dict[str, Any]
    processes: tuple[Recorded, ...]

    @property
    def alive(self) -> bool:
        """Return whether any of the recorded processes runs."""
        return any(recorded.alive for recorded in self.processes)


def read_state(run_dir: Path) -> RunState | None:
    """Return the state of a run; None where the file is missing or isn't a state."""
    try:
        raw = json.loads((run_dir / STATE_FILE).read_text())
        found = tuple(
            Recorded(**{**entry, "log": Path(entry["log"])}) for entry in raw["processes"]
        )
        return RunState(run_dir, raw["mark"], raw["facts"], found)
    except (FileNotFoundError, json.JSONDecodeError, KeyError, TypeError):
        return None


def adopt(state: RunState) -> Supervisor:
    """Return a supervisor that continues the run; see `Supervisor.adopted`."""
    processes = []
    for entry in state.processes:
        spec = ProcessSpec(entry.name, entry.unit, cast("Role", entry.role), (), state.run_dir)
        processes.append(Process(spec, entry.pid, entry.created, entry.log))
    return Supervisor.adopted(state.run_dir, state.mark, processes)


def end_run(state: RunState) -> int:
    """End all processes of the run: SIGTERM for the edge and the units, then SIGKILL for all.

    Return how many were running. The state file is removed.
    """
    living = [recorded for recorded in state.processes if recorded.alive]
    terminated = [r.process for r in living if r.role in {"edge", "unit"} and r.process is not None]
    for process in terminated:
        with contextlib.suppress(psutil.Error):
            process.send_signal(signal.SIGTERM)
    wait_gone(terminated, timeout_seconds=_GRACE_SECONDS)
    kill_marked(state.mark)
    for recorded in living:  # a process that wiped its environment carries no mark
        if recorded.alive:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(recorded.pid, signal.SIGKILL)
    with contextlib.suppress(FileNotFoundError):
        (state.run_dir / STATE_FILE).unlink()
    return len(living)
