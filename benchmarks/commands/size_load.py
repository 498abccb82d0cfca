"""Measure how many users, and arrivals a second, one core of the load generator carries."""

import argparse
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from backing import BackingError
from benchmarks.command_line import FAILED, end_with_parent
from benchmarks.commands.measured_run import RESULTS, alone
from benchmarks.experiments.runner.cores import split_cores
from benchmarks.experiments.runner.environment import describe
from benchmarks.experiments.runner.errors import FolderError, HarnessError
from benchmarks.experiments.runner.results_folder import name_of_run
from benchmarks.json_layout import lay_out
from benchmarks.load_sizing.errors import SizingError
from benchmarks.load_sizing.measurement import measure, stub
from benchmarks.load_sizing.sizing import ARRIVALS, SIZING_VERSION, USERS, Point, Sizing

ERRORS: Mapping[type[Exception], int] = {
    BackingError: FAILED,
    HarnessError: FAILED,
    SizingError: FAILED,
}
INTERRUPTED = "Interrupted; nothing was written."
DOCUMENT = "sizing.json"
LOADS = {USERS: (50, 150, 300), ARRIVALS: (25, 75, 150)}
SECONDS = 20
ATTEMPTS = 5  # for a point that other work disturbs


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the folder."""
    parser.add_argument("--into", type=Path, help="folder of the results (default: results/…)")


def run(options: argparse.Namespace) -> int:
    """Measure each load, write `sizing.json`, and print the tables."""
    end_with_parent()
    folder: Path = options.into or RESULTS / name_of_run("load-sizing")
    console = Console()
    with alone("size-load"):
        cores = split_cores()
        environment = describe(cores)
        begun = datetime.now(UTC).isoformat(timespec="seconds")
        points = []
        with stub(min(cores.target)) as base_url:
            for kind, amounts in LOADS.items():
                for amount in amounts:
                    console.print(f"{kind}: {amount:g}, for {SECONDS} s", highlight=False)
                    points.append(_undisturbed(kind, amount, base_url, core=cores.generator))
    document = {
        "sizing_version": SIZING_VERSION,
        "run": {"id": folder.resolve().name, "started_at": begun, "seconds_of_each": SECONDS},
        "environment": environment,
        "points": [asdict(it) for it in points],
    }
    _write(folder / DOCUMENT, lay_out(document))
    try:
        print(Sizing.from_json(json.loads(lay_out(document))).markdown())
    except ValueError as error:
        raise SizingError(f"{folder / DOCUMENT} is written, but {error}.") from error
    print(folder / DOCUMENT, flush=True)
    return 0


def _undisturbed(kind: str, amount: float, base_url: str, *, core: int) -> Point:
    """Measure until no other work had the core. Raises SizingError after some attempts."""
    for _ in range(ATTEMPTS):
        point = measure(kind, amount, base_url, core=core, seconds=SECONDS)
        if not point.is_disturbed:
            return point
    message = (
        f"{amount:g} {kind}: other work had the generator's core in each of {ATTEMPTS} attempts"
        f" (its event loop was {point.lag_max_ms:.0f} ms late). Measure on a quieter machine."
    )
    raise SizingError(message)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FolderError(f"{path} can't be written: {error.strerror}.") from error
