"""The units that each architecture is released in, the edge's included."""

from benchmarks.experiments.runner.arms import ARCHITECTURES as NAMES
from benchmarks.targets.architectures import ARCHITECTURES, unit_names

UNITS = {name: unit_names(ARCHITECTURES[name]) for name in NAMES}
