"""Count the requests to the stores, the messages and the bytes of one submission on each side."""

import argparse
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import httpx
import msgspec

from backing import BackingError
from benchmarks.command_line import FAILED, end_with_parent
from benchmarks.commands.architecture_arguments import INTERRUPTED, RUN
from benchmarks.cost.operations import COUNTS, COUNTS_VERSION, OperationCounts
from benchmarks.experiments.runner.cores import split_cores
from benchmarks.experiments.runner.deployment import IMAGE
from benchmarks.experiments.runner.environment import describe
from benchmarks.json_layout import lay_out
from benchmarks.pricing.operation_counter import REPETITIONS, CountError, count_architecture
from benchmarks.targets import ARCHITECTURES

__all__ = ["ERRORS", "INTERRUPTED", "configure", "run"]

ERRORS: Mapping[type[Exception], int] = {
    BackingError: FAILED,
    CountError: FAILED,
    httpx.HTTPError: FAILED,
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the file of the counts."""
    parser.add_argument("--into", type=Path, default=COUNTS, help="file of the counts")


def run(options: argparse.Namespace) -> int:
    """Deploy each architecture, count, and write the document."""
    end_with_parent()
    environment = describe(split_cores(share=True))
    counted = {}
    for name in ARCHITECTURES:
        run_dir = RUN / f"count-{name}"
        counted[name] = count_architecture(name, run_dir=run_dir, image=IMAGE)
        shutil.rmtree(run_dir)
    document = OperationCounts(
        counts_version=COUNTS_VERSION,
        counted_at=datetime.now(UTC).isoformat(timespec="seconds"),
        repetitions=REPETITIONS,
        image=IMAGE.name,
        environment=environment,
        architectures=counted,
    )
    options.into.parent.mkdir(parents=True, exist_ok=True)
    options.into.write_text(lay_out(msgspec.to_builtins(document)), encoding="utf-8")
    print(options.into)
    return 0
