"""Take a trace of one submission on each architecture, and draw both beside each other."""

import argparse
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.console import Console

from backing import BackingError
from backing.ports import free_port
from benchmarks.command_line import FAILED, end_with_parent
from benchmarks.commands.measured_run import RESULTS, alone
from benchmarks.experiments.runner.cores import split_cores
from benchmarks.experiments.runner.deployment import IMAGE
from benchmarks.experiments.runner.environment import describe
from benchmarks.experiments.runner.errors import FolderError, HarnessError
from benchmarks.experiments.runner.results_folder import name_of_run
from benchmarks.json_layout import lay_out
from benchmarks.report.findings.figure_file import figure_file
from benchmarks.report.trace.figure import figure
from benchmarks.repository import REPOSITORY
from benchmarks.results_model.trace import (
    ARCHITECTURES,
    TRACE_VERSION,
    TraceDocument,
    TraceRun,
    TraceSide,
)
from benchmarks.tracing.errors import TracingError
from benchmarks.tracing.receiver import Receiver
from benchmarks.tracing.summary import side_of
from benchmarks.tracing.take import observed, wait_for_spans, whole_trace

ERRORS: Mapping[type[Exception], int] = {
    BackingError: FAILED,
    HarnessError: FAILED,
    TracingError: FAILED,
}
INTERRUPTED = "Interrupted; nothing was written."
SUBMISSIONS = 20  # of which the fastest is drawn
DOCUMENT, DRAWING = "trace.json", "trace.svg"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the folder."""
    parser.add_argument("--into", type=Path, help="folder of the results (default: results/…)")


def run(options: argparse.Namespace) -> int:
    """Take the traces, and write `trace.json` and `trace.svg`."""
    end_with_parent()
    folder: Path = options.into or RESULTS / name_of_run("trace")
    console = Console()
    with alone("trace"):
        # Nothing is pinned, so that processes run beside each other where there are cores.
        environment = describe(split_cores(share=True))
        begun = datetime.now(UTC).isoformat(timespec="seconds")
        sides = {}
        for name in ARCHITECTURES:
            console.print(f"{name}: deploying, then {SUBMISSIONS} submissions", highlight=False)
            sides[name] = _taken(name)
    document = TraceDocument(
        trace_version=TRACE_VERSION,
        run=TraceRun(id=folder.resolve().name, started_at=begun),
        environment=environment,
        sides=sides,
    )
    _write(
        folder,
        {
            DOCUMENT: lay_out(msgspec.to_builtins(document)),
            DRAWING: figure_file(figure(document)),
        },
    )
    print(folder / DRAWING, flush=True)
    return 0


def _taken(architecture: str) -> TraceSide:
    """Deploy an architecture and return the traces of its submissions."""
    run_dir = REPOSITORY / ".run" / "trace" / architecture
    with Receiver() as receiver:
        with observed(
            architecture, receiver, run_dir=run_dir, edge_port=free_port(), image=IMAGE
        ) as (_, client):
            traces = [client.submit() for _ in range(SUBMISSIONS)]
            wait_for_spans(receiver)
        return side_of([whole_trace(it, receiver) for it in traces])


def _write(folder: Path, files: Mapping[str, str]) -> None:
    """Write files into a folder, which is made if it is missing. Raises FolderError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise FolderError(f"{folder} can't be written: {error.strerror}.") from error
