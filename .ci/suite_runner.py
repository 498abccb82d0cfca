"""Run one suite of tests, and read what came of it."""

import contextlib
import os
import signal
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import bytecode
from suites import Suite

from repository import REPOSITORY, VENVS, CommandRunner, Ending, parent_death

OUT = REPOSITORY / ".run" / "test"


@dataclass(frozen=True)
class Outcome:
    """The result of one suite. A suite without a report counts as one failed test."""

    name: str
    passed: int
    failed: int
    skipped: int
    seconds: float
    status: int

    @property
    def green(self) -> bool:
        """Return whether the suite ran tests and all of them passed."""
        return self.status == 0 and self.failed == 0 and self.passed > 0


class Runner:
    """Runs suites, and ends those that run when it is stopped."""

    def __init__(self) -> None:
        self.commands = CommandRunner(Ending(signal.SIGINT, grace_seconds=20.0))

    def run(self, suite: Suite) -> Outcome:
        """Run one suite to its end or its time limit. Raises StoppedError after `stop`."""
        with scratch_folder() as scratch:
            return self._run(suite, scratch)

    def _run(self, suite: Suite, scratch: Path) -> Outcome:
        report = OUT / f"{suite.name}.xml"
        report.unlink(missing_ok=True)
        binaries = VENVS / suite.environment / "bin"
        environment = {
            **bytecode.kept(os.environ),
            "TMPDIR": str(scratch),
            "PATH": f"{binaries}:{os.environ['PATH']}",
            "JUNIT_XML": str(report),
            "VERDICTS": str(OUT),
            "ROOT": str(REPOSITORY),
        }
        command = ["/bin/sh", "-c", f"exec {suite.command}"]
        with (OUT / f"{suite.name}.log").open("wb") as log:
            ended = self.commands.run(
                [sys.executable, parent_death.__file__, *command],
                folder=REPOSITORY / suite.folder,
                environment=environment,
                log=log,
                limit_seconds=suite.limit_seconds,
            )
            if ended.status is None:
                log.write(f"\nNot done within {suite.limit_seconds} s.\n".encode())
        status = 1 if ended.status is None else ended.status
        passed, failed, skipped = _count(report)
        if status != 0 and failed == 0:
            failed = 1
        return Outcome(suite.name, passed, failed, skipped, ended.seconds, status)

    def stop(self) -> None:
        """End what runs; nothing further starts."""
        self.commands.stop()


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """Make a folder for temporary files, and remove it.

    It is for one command, for pytest removes leftovers from one that is shared. Its name is short,
    for servers have sockets below it; all may read it, for PostgreSQL's account does.
    """
    with tempfile.TemporaryDirectory(prefix="flow-t-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        try:
            yield folder
        finally:
            bytecode.forget(folder)


def _count(report: Path) -> tuple[int, int, int]:
    """Read passed, failed and skipped from a JUnit report; zeros when there is none."""
    try:
        suites = list(ET.parse(report).getroot().iter("testsuite"))  # noqa: S314 - our own file
    except (OSError, ET.ParseError):
        return 0, 0, 0

    def total(name: str) -> int:
        return sum(int(suite.get(name, "0")) for suite in suites)

    failed, skipped = total("failures") + total("errors"), total("skipped")
    return max(total("tests") - failed - skipped, 0), failed, skipped
