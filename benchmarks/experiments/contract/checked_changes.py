"""The raw file of the experiment: each change that was checked on one side, with its verdicts."""

import json
from importlib.resources.abc import Traversable
from typing import Any

from benchmarks.experiments.contract import FILE
from benchmarks.experiments.runner.earlier_names import renamed

Checked = dict[str, Any]


def read(results: Traversable) -> list[Checked]:
    """Read the changes that a run's folder has; none where it has no such file."""
    path = results / FILE
    if not path.is_file():
        return []
    return [
        renamed(checked, "contract change")
        | {"gates": [renamed(gate, "contract gate") for gate in checked["gates"]]}
        for checked in json.loads(path.read_text(encoding="utf-8"))["changes"]
    ]
