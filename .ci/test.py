"""`make test` and `make torture`: run suites, a few at a time; go on after a red one.

Each suite's output is in `.run/test/<suite>.log`; that of a red suite is shown at its end. The
last line counts all tests.
"""

import argparse
import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from suites import SUITES, Suite

REPOSITORY = Path(__file__).resolve().parents[1]
VENVS = REPOSITORY / ".venvs"
OUT = REPOSITORY / ".run" / "test"
BOUND = REPOSITORY / ".ci" / "bound.py"
# Suites at once on two cores. More make each other's time limits come before what they limit.
AT_ONCE = 2
WAITING_AT_ONCE = 1  # beside them, of the suites that mostly wait
TORTURING_AT_ONCE = 3
SHOWN_LINES = 60
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Outcome:
    """What came out of one suite. A suite that gives no report counts as one failed test."""

    suite: Suite
    passed: int
    failed: int
    skipped: int
    seconds: float
    status: int

    @property
    def green(self) -> bool:
        """Whether it ran tests and all of them passed."""
        return self.status == 0 and self.failed == 0 and self.passed > 0


class Runner:
    """Runs suites and ends what still runs when it is told to stop."""

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()
        self._stopping = False

    def run(self, suite: Suite) -> Outcome:
        """Run one suite to its end or its time limit."""
        # One of its own: pytest clears away what it takes for left behind in one that is shared.
        # Short, for servers have sockets below it, and open to all, for PostgreSQL runs as nobody.
        with tempfile.TemporaryDirectory(prefix="flow-t-", ignore_cleanup_errors=True) as scratch:
            Path(scratch).chmod(0o755)
            return self._run(suite, scratch)

    def _run(self, suite: Suite, scratch: str) -> Outcome:
        started = time.monotonic()
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
        with (OUT / f"{suite.name}.log").open("wb") as log:
            with self._lock:
                if self._stopping:
                    return Outcome(suite, 0, 1, 0, 0.0, 1)
                process = subprocess.Popen(
                    [sys.executable, str(BOUND), "/bin/sh", "-c", f"exec {suite.command}"],
                    cwd=REPOSITORY / suite.folder,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
                self._running[suite.name] = process
            try:
                status = process.wait(suite.limit_seconds)
            except subprocess.TimeoutExpired:
                log.write(f"\nNot done within {suite.limit_seconds} s.\n".encode())
                status = self._end(process)
            with self._lock:
                del self._running[suite.name]
        passed, failed, skipped = _count(report)
        if status != 0 and failed == 0:
            failed = 1
        return Outcome(suite, passed, failed, skipped, time.monotonic() - started, status)

    def stop(self) -> None:
        """End what runs; nothing further starts."""
        with self._lock:
            self._stopping = True
            running = list(self._running.values())
        for process in running:
            self._end(process)

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> int:
        for number, patience_seconds in ((signal.SIGINT, 20), (signal.SIGKILL, 10)):
            try:
                os.killpg(process.pid, number)
                return process.wait(patience_seconds) or 1
            except ProcessLookupError:
                return 1
            except subprocess.TimeoutExpired:
                continue
        return 1


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


def _tell(outcome: Outcome, done: int, count: int) -> None:
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
        print(f"    the whole of it: {log.relative_to(REPOSITORY)}", flush=True)


def _die_with_parent() -> None:
    """Have the kernel send SIGTERM when make is gone, however it went."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    starter = os.environ.pop("STARTED_BY", None)  # what we start has another parent
    if starter is not None and os.getppid() != int(starter):
        raise SystemExit(1)  # make died before we could ask


def main() -> int:
    """Prepare the environments, run the suites, sum up."""
    parser = argparse.ArgumentParser(description="Run every suite of the repository.")
    parser.add_argument("--only", help="names of suites, separated by commas")
    parser.add_argument(
        "--torture", action="store_true", help="those that break things, not the others"
    )
    options = parser.parse_args()
    only = options.only
    if only:
        chosen = [suite for suite in SUITES if suite.name in only.split(",")]
    else:
        chosen = [suite for suite in SUITES if suite.torture == options.torture]
    if not chosen:
        print(f"No such suite; there are {', '.join(s.name for s in SUITES)}.", file=sys.stderr)
        return 2
    _die_with_parent()
    environments = sorted({name for suite in chosen for name in suite.environments})
    prepare = [sys.executable, str(REPOSITORY / ".ci" / "prepare.py"), *environments]
    if subprocess.run(prepare, check=False).returncode != 0:
        return 1
    OUT.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    at_once = TORTURING_AT_ONCE if options.torture else AT_ONCE
    print(f"Running {len(chosen)} suites, {at_once} at a time, and those that wait.", flush=True)
    outcomes = _run_all(chosen, at_once)
    red = [outcome.suite.name for outcome in outcomes if not outcome.green]
    print(f"{len(outcomes)} suites in {time.monotonic() - started:.0f} s.", flush=True)
    if red:
        print(f"Red: {', '.join(red)}.")
    passed, failed = sum(o.passed for o in outcomes), sum(o.failed for o in outcomes)
    skipped = sum(o.skipped for o in outcomes)
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if red else 0


def _run_all(chosen: list[Suite], at_once: int) -> list[Outcome]:
    """Run the suites: those that only wait beside the others, those that come after at the end."""
    runner, outcomes = Runner(), []
    waiting = ThreadPoolExecutor(WAITING_AT_ONCE)
    working = ThreadPoolExecutor(at_once)
    try:
        for wave in ([s for s in chosen if not s.after], [s for s in chosen if s.after]):
            running = [(waiting if s.waits else working).submit(runner.run, s) for s in wave]
            for future in as_completed(running):
                outcomes.append(future.result())
                _tell(outcomes[-1], len(outcomes), len(chosen))
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
