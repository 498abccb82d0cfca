"""Load fresh deployments side by side and report what grows.

The exit status is 1 where something grew beyond its limit, a request failed, or an object, a row
or a key was left over.
"""

import argparse
import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path

from backing import BackingError
from benchmarks.command_line import FAILED, end_with_parent
from benchmarks.commands.architecture_arguments import INTERRUPTED, add_architectures, chosen
from benchmarks.repository import REPOSITORY
from benchmarks.soak.run import Soak, soak
from benchmarks.targets.git import resolve

__all__ = ["ERRORS", "INTERRUPTED", "configure", "run"]

ERRORS = {BackingError: FAILED}
RESULTS = REPOSITORY / "benchmarks" / "results"
MIB = 2**20


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the architectures, the length of the load and the file of the summary."""
    add_architectures(parser)
    parser.add_argument("--minutes", type=_minutes, default=30.0, help="length of the load")
    parser.add_argument("--output", type=Path, help="file for the summary (default: results/…)")


def run(options: argparse.Namespace) -> int:
    """Run the soak on each architecture, print a summary, and keep the readings."""
    names = chosen(options)
    end_with_parent()
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    output = options.output or RESULTS / f"{moment}-soak" / "soak.json"
    output.parent.mkdir(parents=True, exist_ok=True)
    seconds = options.minutes * 60
    done = run_together(names, lambda name, stop: soak(name, seconds, output.parent, stop))
    document = {
        "commit": resolve("HEAD"),
        "began_at": moment,
        "soaks": [result.document() for result in done],
    }
    output.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    for result in done:
        _show(result)
    print(output)
    return FAILED if any(result.problems for result in done) else 0


def run_together(
    names: Sequence[str], run_one: Callable[[str, threading.Event], Soak]
) -> list[Soak]:
    """Return what each soak returns, all run at once.

    The event that they get is set where one of them fails or this thread is interrupted: a thread
    gets no Ctrl-C, and waits for the end of its load otherwise.
    """
    stop = threading.Event()
    with ThreadPoolExecutor(len(names)) as pool:
        running = [pool.submit(run_one, name, stop) for name in names]
        try:
            for future in as_completed(running):
                future.result()
        except BaseException:
            stop.set()
            raise
    return [future.result() for future in running]


def _show(done: Soak) -> None:
    print(f"\n{done.architecture}: {done.requests} requests, {done.failures} failed")
    for growth in done.growth:
        if growth.measure == "memory_bytes":
            print(
                f"  {growth.process:26} {growth.before / MIB:7.1f} MiB → "
                f"{growth.after / MIB:7.1f} MiB  {growth.ratio * 100:+6.1f} %"
            )
    for problem in done.problems:
        print(f"  problem: {problem}")


def _minutes(text: str) -> float:
    minutes = float(text)
    if not 1 <= minutes <= 24 * 60:
        message = "use 1 to 1440 minutes"
        raise argparse.ArgumentTypeError(message)
    return minutes
