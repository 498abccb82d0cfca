"""Compare the verdicts of two targets' runs; exit with 1 on any difference.

    python compare_verdicts.py monolith.json microservices.json

The files are those that `pytest … --verdicts FILE` writes.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path


def differences(first: Mapping[str, str], second: Mapping[str, str]) -> list[str]:
    """Return a line for each case whose verdicts differ, or that ran on one side only."""
    return [
        f"{case}: {first.get(case, 'did not run')} / {second.get(case, 'did not run')}"
        for case in sorted(first.keys() | second.keys())
        if first.get(case) != second.get(case)
    ]


def main() -> int:
    """Print the differences. Return 1 if there are any, or if nothing ran."""
    parser = argparse.ArgumentParser(description="Compare two targets' verdicts.")
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    arguments = parser.parse_args()
    first, second = (
        json.loads(path.read_text(encoding="utf-8")) for path in (arguments.first, arguments.second)
    )
    found = differences(first, second)
    for line in found:
        sys.stdout.write(f"{line}\n")
    failed = sum(verdict != "passed" for verdict in first.values())
    sys.stdout.write(
        f"{len(first)} and {len(second)} cases, {len(found)} differ, {failed} failed\n"
    )
    return 1 if found or not first else 0


if __name__ == "__main__":
    sys.exit(main())
