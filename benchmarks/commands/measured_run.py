"""What the commands that measure have in common: one at a time, and the end of a run."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from backing import PlatformError
from benchmarks.commands.architecture_arguments import MEASUREMENT_LOCK
from benchmarks.commands.bill import bill
from benchmarks.experiments.comparison import Comparison
from benchmarks.experiments.results import derive, draw
from benchmarks.experiments.runner.errors import FolderError, MachineError
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.report import overview, rendering
from benchmarks.repository import REPOSITORY
from benchmarks.results_model import reading
from benchmarks.targets.local.command_lock import only_one

RESULTS = REPOSITORY / "benchmarks" / "results"
RUN_DIR = REPOSITORY / ".run" / "compare"


@contextmanager
def alone(command: str) -> Iterator[None]:
    """Refuse a second comparison or self-check at once: they would measure each other."""
    try:
        with only_one(MEASUREMENT_LOCK, command, report=print, wait_seconds=0):
            yield
    except PlatformError as error:
        raise MachineError(str(error)) from error


def finish_comparison(comparison: Comparison, console: Console) -> None:
    """Render the page that leads to every experiment's page; print its table and its path."""
    parts, missing, cpu = [], [], ""
    for name in comparison.experiments:
        path = comparison.folder_of(name) / "results.json"
        if not path.is_file():
            missing.append(name)
            continue
        document = reading.read(path)
        cpu = document.environment["cpu"]["model"]
        parts.append(overview.part_of(document))
    run = {
        "id": comparison.path.resolve().name,
        "profile": comparison.profile,
        "seed": comparison.seed,
        "started_at": comparison.started_at,
    }
    path = comparison.path / "report.html"
    computed = bill(comparison)
    page = overview.render(parts, missing=missing, run=run, cpu=cpu, bill=computed)
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise FolderError(f"{path} can't be written: {error.strerror}.") from error
    overview.show(parts, console, computed)
    print(path, flush=True)


def finish(folder: ResultsFolder, console: Console) -> None:
    """Derive the results from the raw files, render the report, print both. Raises FolderError."""
    try:
        results = derive(folder)
        path = draw(folder, results)
    except OSError as error:
        raise FolderError(
            f"The report can't be written ({error.strerror}). The raw data is kept: make room, "
            f"then `make report RESULTS={folder.path}`."
        ) from error
    rendering.show(results, console)
    print(path, flush=True)
