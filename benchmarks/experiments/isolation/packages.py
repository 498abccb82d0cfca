"""How much has to be installed for each suite."""

import json
from pathlib import Path

from benchmarks.experiments.isolation.records import BASE, PACKAGES
from benchmarks.experiments.isolation.suites import SUITES
from benchmarks.targets.local.settings import environments_folder


def count_packages() -> dict[str, int]:
    """How many packages each suite's environment has installed."""
    return {
        suite.name: sum(
            1
            for _ in (environments_folder() / suite.environment).glob(
                "lib/python*/site-packages/*.dist-info"
            )
        )
        for suite in SUITES
    }


def note_packages(results: Path) -> None:
    """Write down what is installed, while it is known."""
    path = results / "raw" / BASE / PACKAGES
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(count_packages()) + "\n", encoding="utf-8")
