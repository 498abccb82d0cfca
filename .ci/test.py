"""`make test` and `make test-slow`: run suites, a few at a time; go on after one that fails.

Each suite's output is in `.run/test/<suite>.log`; that of a failed suite is shown at its end. The
last line counts all tests.
"""

import argparse
import signal
import subprocess
import sys
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

import on_target
from jobs import Job, Schedule, jobs_of
from suite_runner import OUT, Outcome, Runner
from suites import SUITES, Suite

from repository import REPOSITORY, parent_death

SHOWN_LINES = 60


def _report(outcome: Outcome, done: int, count: int) -> None:
    verdict = "ok    " if outcome.green else "FAILED"
    counts = f"{outcome.passed} passed"
    counts += f", {outcome.failed} failed" if outcome.failed else ""
    counts += f", {outcome.skipped} skipped" if outcome.skipped else ""
    name, seconds = outcome.name, outcome.seconds
    print(f"  [{done:2}/{count}] {verdict} {name:26} {seconds:5.0f} s  {counts}", flush=True)
    if not outcome.green:
        log = OUT / f"{outcome.name}.log"
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
    print(f"Running {len(chosen)} suites, as many at once as leave each other room.", flush=True)
    outcomes = _run_all(chosen)
    failing = [outcome.name for outcome in outcomes if not outcome.green]
    print(f"{len(outcomes)} suites in {time.monotonic() - started:.0f} s.", flush=True)
    if failing:
        print(f"Failed: {', '.join(failing)}.")
    passed, failed = sum(o.passed for o in outcomes), sum(o.failed for o in outcomes)
    skipped = sum(o.skipped for o in outcomes)
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failing else 0


def _run_all(chosen: list[Suite]) -> list[Outcome]:
    """Run the suites and print what came of each; end all of them on Ctrl-C."""
    runner, jobs, outcomes = Runner(), jobs_of(chosen), []
    schedule, running = Schedule(jobs), dict[Future[list[Outcome]], Job]()
    pool = ThreadPoolExecutor(len(jobs))
    try:
        while True:
            while (job := schedule.take()) is not None:
                running[pool.submit(_run, runner, job)] = job
            if not running:
                break
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                schedule.end(running.pop(future))
                for outcome in future.result():
                    outcomes.append(outcome)
                    _report(outcome, len(outcomes), len(chosen))
    except KeyboardInterrupt:
        runner.stop()
        print("\nInterrupted; nothing is left running.", file=sys.stderr)
        raise SystemExit(130) from None
    finally:
        pool.shutdown()
    return outcomes


def _run(runner: Runner, job: Job) -> list[Outcome]:
    if job.target is not None:
        return on_target.run(runner, job.target, job.suites)
    return [runner.run(job.suites[0])]


if __name__ == "__main__":
    sys.exit(main())
