"""A suite's command, isolated: a time limit, an environment of its own, its CPU seconds counted."""

import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from process_control import isolated_command
from process_control.command_runner import CommandRunner, Ending, StoppedError

__all__ = ["Ended", "Runner", "StoppedError"]

SHOWN_LINES = 12
KEPT = ("HOME", "LANG", "PATH")
# `isolated_command` ends the suite's processes, with a grace period of its own.
_ENDING = Ending(signal.SIGTERM, to_group=False, grace_seconds=20.0)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended. `status` is None for one that was killed at its limit."""

    status: int | None
    seconds: float
    cpu_seconds: float | None
    network_cut: bool
    output: tuple[str, ...]  # its last lines


class Runner:
    """Runs commands isolated, from any number of threads, and ends them all on `stop`."""

    def __init__(self) -> None:
        self._commands = CommandRunner(_ENDING)

    def run(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        scratch: Path,
        environment: Mapping[str, str],
        limit_seconds: float,
    ) -> Ended:
        """Run a command in a folder, with its temporary files in scratch. Raises StoppedError."""
        scratch.mkdir(parents=True, exist_ok=True)
        log, note = scratch.with_suffix(".log"), scratch.with_suffix(".json")
        note.unlink(missing_ok=True)
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        with log.open("wb") as output:
            ended = self._commands.run(
                [sys.executable, "-I", isolated_command.__file__, str(note), *command],
                folder=folder,
                environment={**kept, "TMPDIR": str(scratch), **environment},
                log=output,
                limit_seconds=limit_seconds,
            )
        record = json.loads(note.read_text()) if note.exists() else {}
        lines = log.read_text(errors="replace").splitlines()
        return Ended(
            ended.status,
            round(ended.seconds, 3),
            record.get("cpu_seconds"),
            record.get("network_cut", False),
            tuple(line for line in lines if line.strip())[-SHOWN_LINES:],
        )

    def stop(self) -> None:
        """End what runs; nothing further starts."""
        self._commands.stop()
