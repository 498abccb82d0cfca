"""`make test` and `make test-slow`: run suites, a few at a time; go on after one that fails.

Each suite's output is in `.run/test/<suite>.log`; that of a failed suite is shown at its end. The
last line counts all tests.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from suites import SUITES, Suite

from repository import REPOSITORY, VENVS, CommandRunner, Ending, parent_death

OUT = REPOSITORY / ".run" / "test"
# Suites at once on two cores. With more, time limits run out before what they are meant to limit.
AT_ONCE = 2
WAITING_AT_ONCE = 1  # beside them, of the suites that mostly wait
SLOW_AT_ONCE = 3
SHOWN_LINES = 60


@dataclass(frozen=True)
class Outcome:
    """The result of one suite. A suite without a report counts as one failed test."""

    suite: Suite
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
        self._commands = CommandRunner(Ending(signal.SIGINT, grace_seconds=20.0))

    def run(self, suite: Suite) -> Outcome:
        """Run one suite to its end or its time limit. Raises StoppedError after `stop`."""
        # A folder of its own, for pytest removes leftovers from one that is shared. Its name is
        # short, for servers have sockets below it; all may read it, for PostgreSQL's account does.
        with tempfile.TemporaryDirectory(prefix="flow-t-", ignore_cleanup_errors=True) as scratch:
            Path(scratch).chmod(0o755)
            return self._run(suite, scratch)

    def _run(self, suite: Suite, scratch: str) -> Outcome:
        report = OUT / f"{suite.name}.xml"
        report.unlink(missing_ok=True)
        binaries = VENVS / suite.environment / "bin"
        environment = {
            **os.environ,
            "TMPDIR": scratch,
            "PATH": f"{binaries}:{os.environ['PATH']}",
            "JUNIT_XML": str(report),
            "VERDICTS": str(OUT),
            "ROOT": str(REPOSITORY),
        }
        command = ["/bin/sh", "-c", f"exec {suite.command}"]
        with (OUT / f"{suite.name}.log").open("wb") as log:
            ended = self._commands.run(
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
        return Outcome(suite, passed, failed, skipped, ended.seconds, status)

    def stop(self) -> None:
        """End what runs; nothing further starts."""
        self._commands.stop()


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


def _report(outcome: Outcome, done: int, count: int) -> None:
    verdict = "ok    " if outcome.green else "FAILED"
    counts = f"{outcome.passed} passed"
    counts += f", {outcome.failed} failed" if outcome.failed else ""
    counts += f", {outcome.skipped} skipped" if outcome.skipped else ""
    name, seconds = outcome.suite.name, outcome.seconds
    print(f"  [{done:2}/{count}] {verdict} {name:26} {seconds:5.0f} s  {counts}", flush=True)
    if not outcome.green:
        log = OUT / f"{outcome.suite.name}.log"
        lines = log.read_text(errors="replace").splitlines()[-SHOWN_LINES:]
        print("\n".join(f"    | {line}" for line in lines), flush=True)
        print(f"    the whole log: {log.relative_to(REPOSITORY)}", flush=True)


def main() -> int:
    """Prepare the environments, run the suites, print the sums; return the exit status."""
    parser = argparse.ArgumentParser(description="Run suites of tests of the repository.")
    parser.add_argument("--only", help="names of suites, with commas between; see --list")
    parser.add_argument("--slow", action="store_true", help="the slow suites, not the others")
    parser.add_argument("--list", action="store_true", help="list the suites, run none")
    options = parser.parse_args()
    if options.list:
        for suite in SUITES:
            made_by = "test-slow" if suite.slow else "test"
            print(f"{suite.name:26} {made_by:10} {suite.environment:16} {suite.folder}")
        return 0
    names = [name.strip() for name in (options.only or "").split(",") if name.strip()]
    if unknown := set(names) - {suite.name for suite in SUITES}:
        known = ", ".join(suite.name for suite in SUITES)
        print(f"No such suite: {', '.join(sorted(unknown))}. Use {known}.", file=sys.stderr)
        return 2
    chosen = [s for s in SUITES if (s.name in names if names else s.slow == options.slow)]
    parent_death.die_with_parent()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    environments = sorted({name for suite in chosen for name in suite.environments})
    prepare = [sys.executable, str(REPOSITORY / ".ci" / "prepare.py"), *environments]
    if subprocess.run(prepare, check=False).returncode != 0:
        return 1
    OUT.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    at_once = SLOW_AT_ONCE if options.slow else AT_ONCE
    print(f"Running {len(chosen)} suites, {at_once} at a time, and those that wait.", flush=True)
    outcomes = _run_all(chosen, at_once)
    failing = [outcome.suite.name for outcome in outcomes if not outcome.green]
    print(f"{len(outcomes)} suites in {time.monotonic() - started:.0f} s.", flush=True)
    if failing:
        print(f"Failed: {', '.join(failing)}.")
    passed, failed = sum(o.passed for o in outcomes), sum(o.failed for o in outcomes)
    skipped = sum(o.skipped for o in outcomes)
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failing else 0


def _run_all(chosen: list[Suite], at_once: int) -> list[Outcome]:
    """Run the suites: those that wait beside the others, those with an `after` at the end."""
    runner, outcomes = Runner(), []
    waiting = ThreadPoolExecutor(WAITING_AT_ONCE)
    working = ThreadPoolExecutor(at_once)
    try:
        for wave in ([s for s in chosen if not s.after], [s for s in chosen if s.after]):
            running = [(waiting if s.waits else working).submit(runner.run, s) for s in wave]
            for future in as_completed(running):
                outcomes.append(future.result())
                _report(outcomes[-1], len(outcomes), len(chosen))
    except KeyboardInterrupt:
        runner.stop()
        print("\nInterrupted; nothing is left running.", file=sys.stderr)
        raise SystemExit(130) from None
    finally:
        waiting.shutdown()
        working.shutdown()
    return outcomes


if __name__ == "__main__":
    sys.exit(main())
