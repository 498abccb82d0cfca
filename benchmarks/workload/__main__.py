"""`python -m benchmarks.workload`: the generator as a process of its own; see `generator`."""

import argparse
import json
import os
import sys
from pathlib import Path

import gevent

from benchmarks.workload.arguments import DEFAULT_IMAGE
from benchmarks.workload.generator import Order, run
from benchmarks.workload.schedule import Schedule


def main(arguments: list[str] | None = None) -> int:
    """Read the order from the command line and carry it out."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.workload", description=__doc__)
    parser.add_argument("--host", required=True)
    parser.add_argument("--rows", required=True, type=Path)
    parser.add_argument("--schedule", required=True, type=_schedule, help="its steps, as JSON")
    parser.add_argument("--image", type=Path, default=DEFAULT_IMAGE)
    parser.add_argument("--seed", type=int, default=1, help="of the arrivals of open steps")
    parser.add_argument("--api", default="", help="another API than the image flow: FILE.py:CLASS")
    parser.add_argument("--core", type=int, help="run on this core alone")
    parser.add_argument(
        "--end-with-stdin", action="store_true", help="end at once when stdin is closed"
    )
    options = parser.parse_args(arguments)
    if options.end_with_stdin:
        gevent.spawn(_end_with_stdin)
    if options.core is not None:
        os.sched_setaffinity(0, {options.core})
    run(
        Order(
            options.host,
            options.schedule,
            options.rows,
            options.image,
            options.seed,
            options.api,
        )
    )
    return 0


def _schedule(text: str) -> Schedule:
    try:
        return Schedule.from_json(json.loads(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _end_with_stdin() -> None:
    """End with the process that started this one, which holds the other end of the pipe."""
    while gevent.get_hub().threadpool.apply(os.read, (0, 1)):
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
