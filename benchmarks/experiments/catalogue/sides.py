"""The units that each architecture is released in."""

from benchmarks.experiments.runner.arms import MONOLITH, SERVICES

UNITS = {
    MONOLITH: ("monolith",),
    SERVICES: ("accounts", "submissions", "recognition", "edge"),
}
