"""Targets: running systems under test. The only packages that know process names.

`deploy` starts one from local processes; `Target` scales, kills, samples and counts it.
`deploy_floor` runs the same work with no architecture around it.
"""

from benchmarks.targets.architectures import ARCHITECTURES, REPOSITORY
from benchmarks.targets.floor.target import FloorTarget, deploy_floor
from benchmarks.targets.local.companions import ClarifaiStub, Companion
from benchmarks.targets.local.deployment import deploy, uniform_replicas
from benchmarks.targets.local.target import Target
from benchmarks.targets.measure.counters import Counters
from benchmarks.targets.measure.inventory import Counts, Inventory, Row
from benchmarks.targets.measure.process_samples import ProcessSample

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
    "uniform_replicas",
]
