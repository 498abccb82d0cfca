"""Join the records of `reliability` into the document that its page is made from."""

import argparse
import json
from pathlib import Path

from benchmarks.commands.reliability import RESULTS
from benchmarks.reliability.records import collect, read_records
from benchmarks.repository import REPOSITORY

EXAMPLE = REPOSITORY / "benchmarks" / "results" / "example-reliability" / "reliability.json"
ERRORS: dict[type[Exception], int] = {ValueError: 1}
INTERRUPTED = "Interrupted."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the folder of the records and the file of the document."""
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the records")
    parser.add_argument("--into", type=Path, default=EXAMPLE, help="file of the document")


def run(options: argparse.Namespace) -> int:
    """Write the document."""
    document = collect(read_records(options.results.resolve() / "records"))
    options.into.parent.mkdir(parents=True, exist_ok=True)
    options.into.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    print(f"{options.into}: {len(document['tests'])} tests. Now: make findings")
    return 0
