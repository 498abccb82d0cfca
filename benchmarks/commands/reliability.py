"""Run the rows of the reliability tables, each with its repetitions."""

import argparse
import json
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from benchmarks.command_line import FAILED, MISUSED, end_with_parent
from benchmarks.reliability.jobs import NO_TESTS, JobRunner, jobs
from benchmarks.reliability.records import read_records
from benchmarks.repository import REPOSITORY
from benchmarks.targets.architectures import ARCHITECTURES

__all__ = ["ERRORS", "INTERRUPTED", "RESULTS", "configure", "run"]

RESULTS = REPOSITORY / "benchmarks" / "results" / "reliability"
ERRORS = {ValueError: MISUSED}
INTERRUPTED = "Interrupted; without uncommitted changes, the same command goes on from here."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the choice of rows, the number of jobs and repetitions, and the folder."""
    parser.add_argument("--architecture", action="append", choices=sorted(ARCHITECTURES))
    parser.add_argument("--jobs", type=int, default=4, help="how many run at once (default: 4)")
    parser.add_argument("--repetitions", type=int, default=5, help="of each row (default: 5)")
    parser.add_argument(
        "--only",
        type=lambda text: text.split(",") if text else [],
        default=[],
        help="beginnings of names of jobs, with commas between",
    )
    parser.add_argument("--again-red", action="store_true", help="run the failed repetitions again")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the records")


def run(options: argparse.Namespace) -> int:
    """Run the jobs, a few at a time; return 1 where a record has failed."""
    end_with_parent()
    results = options.results.resolve()
    chosen = jobs(options.architecture or list(ARCHITECTURES), options.only)
    if options.again_red:
        for path in (results / "records").glob("*.json"):
            if not json.loads(path.read_text())["passed"]:
                path.unlink()
    runner, started = JobRunner(results, options.repetitions), time.monotonic()
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
        raise
    finally:
        pool.shutdown()
    return _summarize(results)


def _summarize(results: Path) -> int:
    records = read_records(results / "records")
    failed = [record for record in records if not record["passed"]]
    for record in failed:
        case = f"{record['test']} {record['case']}".strip()
        print(
            f"  red: {record['row']} {record['architecture']} {case} "
            f"#{record['repetition']}: {record['reason']}"
        )
    print(f"{len(records)} records, {len(failed)} red, in {results / 'records'}")
    return FAILED if failed or not records else 0
