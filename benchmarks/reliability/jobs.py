"""The jobs of `reliability`: groups of fault tests, each on a deployment of its own.

Most of a job's time is spent waiting, so several run at once. Every finished repetition of a row
leaves a record, and the next run of the same commit and folder leaves it out: an interrupted run
goes on where it stopped.
"""

import os
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.repository import REPOSITORY, VENVS
from process_control import parent_death
from process_control.command_runner import CommandRunner, Ending

PYTHON = VENVS / "bench-dev" / "bin" / "python"
TEST_SECONDS = 900
NO_TESTS = 5  # pytest's status where all were left out


@dataclass(frozen=True)
class Job:
    """Some tests on one architecture: a name, and the arguments with which pytest selects them."""

    name: str
    architecture: str
    selection: tuple[str, ...]


def jobs(architectures: list[str], only: list[str]) -> list[Job]:
    """Return the jobs, the long ones first. Raises ValueError for an unknown name in `only`."""
    selections = {
        **{
            f"stall-{service}": ("tests/faults/test_stalls.py", "-k", service)
            for service in ("valkey", "postgres", "s3", "dynamodb")
        },
        "gates": ("tests/faults/test_gates.py",),
        "attacks": ("tests/faults/test_attacks.py", "tests/faults/test_account_attacks.py"),
        "messages": ("tests/faults/test_messages.py",),
        "faults": ("tests/faults/test_faults.py",),
    }
    unknown = [name for name in only if not any(job.startswith(name) for job in selections)]
    if unknown:
        message = f"No job {', '.join(unknown)}: use {', '.join(selections)}."
        raise ValueError(message)
    return [
        Job(f"{name}-{architecture}", architecture, selection)
        for name, selection in selections.items()
        for architecture in architectures
        if not only or any(name.startswith(start) for start in only)
    ]


class JobRunner:
    """Runs jobs from several threads; `stop` interrupts them, so that each undoes its faults."""

    def __init__(self, results: Path, repetitions: int) -> None:
        self._records = results / "records"
        self._logs = results / "logs"
        self._repetitions = repetitions
        self._commands = CommandRunner(Ending(signal.SIGINT, to_group=False, grace_seconds=None))
        for folder in (self._records, self._logs):
            folder.mkdir(parents=True, exist_ok=True)

    def run(self, job: Job) -> int:
        """Run a job to its end; return pytest's status. Raises StoppedError after `stop`."""
        # Short, for servers have sockets below it, and open to PostgreSQL's own account.
        with tempfile.TemporaryDirectory(prefix="flow-r-", ignore_cleanup_errors=True) as scratch:
            Path(scratch).chmod(0o755)
            command = [
                *(sys.executable, parent_death.__file__, str(PYTHON), "-m", "pytest", "-q"),
                *("-p", "no:cacheprovider", "-o", f"timeout={TEST_SECONDS}", "--full"),
                *("--architecture", job.architecture, "--records", str(self._records)),
                *("--repetitions", str(self._repetitions), *job.selection),
            ]
            with (self._logs / f"{job.name}.log").open("ab") as log:
                ended = self._commands.run(
                    command,
                    folder=REPOSITORY / "benchmarks",
                    environment={**os.environ, "TMPDIR": scratch},
                    log=log,
                )
        return 1 if ended.status is None else ended.status

    def stop(self) -> None:
        """Interrupt what runs and wait for its end; nothing further starts."""
        self._commands.stop()
