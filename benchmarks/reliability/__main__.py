"""`make reliability`: every row that the fault suite shows, with its repetitions.

    python -m benchmarks.reliability run [--architecture NAME] [--jobs 4] [--repetitions 5]
        [--only stall,…] [--results FOLDER] [--again-red]
    python -m benchmarks.reliability collect [--results FOLDER] [--into FILE]

Each job deploys an architecture of its own and runs some rows against it; most of the time they
wait. Every finished repetition leaves a record, and is left out by the next run with the same
folder; so a run that is interrupted goes on where it was.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from backing.lifetime import die_with_parent
from benchmarks.reliability.records import collect, read_records
from benchmarks.targets import ARCHITECTURES, REPOSITORY

RESULTS = REPOSITORY / "benchmarks" / "results" / "reliability"
EXAMPLE = REPOSITORY / "benchmarks" / "results" / "example-reliability" / "reliability.json"
BOUND = REPOSITORY / ".ci" / "bound.py"
PYTHON = REPOSITORY / ".venvs" / "bench-dev" / "bin" / "python"
TEST_SECONDS = 900
NO_TESTS = 5  # pytest's status where all were left out


@dataclass(frozen=True)
class Job:
    """Some tests on one architecture: a name, and what pytest selects."""

    name: str
    architecture: str
    selection: tuple[str, ...]


def jobs(architectures: list[str], only: list[str]) -> list[Job]:
    """The jobs, the long ones first. ValueError for a name that there is not."""
    kinds = {
        **{
            f"stall-{service}": ("tests/faults/test_stalls.py", "-k", service)
            for service in ("valkey", "postgres", "s3", "dynamodb")
        },
        "gates": ("tests/faults/test_gates.py",),
        "attacks": ("tests/faults/test_attacks.py", "tests/faults/test_account_attacks.py"),
        "messages": ("tests/faults/test_messages.py",),
        "faults": ("tests/faults/test_faults.py",),
    }
    unknown = [name for name in only if not any(kind.startswith(name) for kind in kinds)]
    if unknown:
        message = f"no job {', '.join(unknown)}; there are {', '.join(kinds)}"
        raise ValueError(message)
    return [
        Job(f"{kind}-{architecture}", architecture, selection)
        for kind, selection in kinds.items()
        for architecture in architectures
        if not only or any(kind.startswith(name) for name in only)
    ]


class Runner:
    """Runs jobs, and ends what runs when it is interrupted."""

    def __init__(self, results: Path, repetitions: int) -> None:
        self._records = results / "records"
        self._logs = results / "logs"
        self._repetitions = repetitions
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._stopping = False
        for folder in (self._records, self._logs):
            folder.mkdir(parents=True, exist_ok=True)

    def run(self, job: Job) -> int:
        """Run a job to its end; returns pytest's status."""
        # Short, for servers have sockets below it, and open to PostgreSQL's own account.
        with tempfile.TemporaryDirectory(prefix="flow-r-", ignore_cleanup_errors=True) as scratch:
            Path(scratch).chmod(0o755)
            command = [
                *(sys.executable, str(BOUND), str(PYTHON), "-m", "pytest", "-q"),
                *("-p", "no:cacheprovider", "-o", f"timeout={TEST_SECONDS}", "--full"),
                *("--architecture", job.architecture, "--records", str(self._records)),
                *("--repetitions", str(self._repetitions), *job.selection),
            ]
            with (self._logs / f"{job.name}.log").open("ab") as log:
                with self._lock:
                    if self._stopping:
                        return 1
                    process = subprocess.Popen(
                        command,
                        cwd=REPOSITORY / "benchmarks",
                        env={**os.environ, "TMPDIR": scratch},
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=subprocess.STDOUT,
                        start_new_session=True,
                    )
                    self._running.add(process)
                status = process.wait()
                with self._lock:
                    self._running.discard(process)
                return status

    def stop(self) -> None:
        """Interrupt what runs, so that it undoes its faults; nothing further starts."""
        with self._lock:
            self._stopping = True
            running = list(self._running)
        for process in running:
            process.send_signal(signal.SIGINT)


def run(options: argparse.Namespace) -> int:
    """Run the jobs, a few at a time; 1 where a record is red."""
    chosen = jobs(options.architecture or list(ARCHITECTURES), options.only)
    records = options.results / "records"
    if options.again_red:
        for path in records.glob("*.json"):
            if not json.loads(path.read_text())["passed"]:
                path.unlink()
    runner, started = Runner(options.results, options.repetitions), time.monotonic()
    pool = ThreadPoolExecutor(options.jobs)
    try:
        running = {pool.submit(runner.run, job): job for job in chosen}
        for number, future in enumerate(as_completed(running), start=1):
            seconds = time.monotonic() - started
            verdict = {0: "green", NO_TESTS: "nothing left to do"}.get(future.result(), "red")
            name = running[future].name
            print(f"  [{number}/{len(running)}] {name:28} {verdict} at {seconds:.0f} s", flush=True)
    except KeyboardInterrupt:
        runner.stop()
        print("\nInterrupted; the same command goes on from here.", file=sys.stderr)
        return 130
    finally:
        pool.shutdown()
    return summarize(options.results)


def summarize(results: Path) -> int:
    """Print what is red; 1 where anything is."""
    records = read_records(results / "records")
    red = [it for it in records if not it["passed"]]
    for it in red:
        case = f"{it['test']} {it['case']}".strip()
        print(f"  red: {it['row']} {it['architecture']} {case} #{it['repetition']}: {it['reason']}")
    print(f"{len(records)} records, {len(red)} red, in {results / 'records'}")
    return 1 if red or not records else 0


def gather(options: argparse.Namespace) -> int:
    """Join the records into the document that the page is made from."""
    document = collect(read_records(options.results / "records"))
    options.into.parent.mkdir(parents=True, exist_ok=True)
    options.into.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    print(f"{options.into}: {len(document['tests'])} tests. Now: make findings")
    return 0


def main(arguments: list[str]) -> int:
    """Carry out one command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reliability")
    commands = parser.add_subparsers(dest="command", required=True)
    running = commands.add_parser("run")
    running.add_argument("--architecture", action="append", choices=sorted(ARCHITECTURES))
    running.add_argument("--jobs", type=int, default=4)
    running.add_argument("--repetitions", type=int, default=5)
    running.add_argument("--only", type=lambda text: text.split(",") if text else [], default=[])
    running.add_argument("--again-red", action="store_true")
    gathering = commands.add_parser("collect")
    gathering.add_argument("--into", type=Path, default=EXAMPLE)
    for command in (running, gathering):
        command.add_argument("--results", type=Path, default=RESULTS)
    options = parser.parse_args(arguments)
    options.results = options.results.resolve()
    if options.command == "collect":
        return gather(options)
    die_with_parent()
    return run(options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
