"""Targets: running systems under test. The only rooms that know process names.

`deploy` stands one up from local processes; `Target` scales, kills and samples it.
"""

from benchmarks.targets.architectures import ARCHITECTURES
from benchmarks.targets.inventory import Counts, Inventory, Row, discrepancies
from benchmarks.targets.local import ProcessSample, Target, deploy

__all__ = [
    "ARCHITECTURES",
    "Counts",
    "Inventory",
    "ProcessSample",
    "Row",
    "Target",
    "deploy",
    "discrepancies",
]
