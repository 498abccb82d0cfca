"""The number of packages that each suite's environment has installed."""

import json
from pathlib import Path

from benchmarks.experiments.isolation.records import BASE, PACKAGES
from benchmarks.experiments.isolation.suites import SUITES
from benchmarks.targets.local.settings import environments_folder


def count_packages() -> dict[str, int]:
    """Return the number of installed packages by the suite's name."""
    return {
        suite.name: sum(
            1
            for _ in (environments_folder() / suite.environment).glob(
                "lib/python*/site-packages/*.dist-info"
            )
        )
        for suite in SUITES
    }


def write_package_counts(results: Path) -> None:
    """Write the numbers of packages that are installed now into a results folder."""
    path = results / "raw" / BASE / PACKAGES
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(count_packages()) + "\n", encoding="utf-8")
