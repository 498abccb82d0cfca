"""Targets: running systems under test. The only rooms that know process names.

`deploy` stands one up from local processes; `Target` scales, kills, samples and counts it.
`deploy_floor` runs the same work with no architecture around it.
"""

from benchmarks.targets.architectures import ARCHITECTURES, REPOSITORY
from benchmarks.targets.companions import ClarifaiStub, Companion
from benchmarks.targets.counters import Counters
from benchmarks.targets.deploying import deploy, whole
from benchmarks.targets.floor import FloorTarget, deploy_floor
from benchmarks.targets.inventory import Counts, Inventory, Row
from benchmarks.targets.local import Target
from benchmarks.targets.samples import ProcessSample

__all__ = [
    "ARCHITECTURES",
    "REPOSITORY",
    "ClarifaiStub",
    "Companion",
    "Counters",
    "Counts",
    "FloorTarget",
    "Inventory",
    "ProcessSample",
    "Row",
    "Target",
    "deploy",
    "deploy_floor",
    "whole",
]
