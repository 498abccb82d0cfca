"""Fault injection: each fault lasts for a `with` block and is undone at its end.

`stalled` stops processes without ending them; `FaultProxy` stands before a backing service and
delays, cuts or falsifies its traffic; `VanishingHost` drops its packets; `SmallDisk` limits the
disk of a backing service, and `full` fills it; `Overrides` makes the code of a unit fail. Kill,
restart and flush are methods of the target itself.
"""

from benchmarks.targets.injection.code import Overrides
from benchmarks.targets.injection.disk import SmallDisk, full
from benchmarks.targets.injection.faults import (
    DYNAMODB_THROTTLED,
    GARBAGE,
    RECOGNIZER_THROTTLED,
    S3_INTERNAL_ERROR,
    Fault,
    HttpFault,
    Latency,
    Reset,
    Stall,
    Truncate,
    throttled_recognizer,
)
from benchmarks.targets.injection.network import VanishingHost
from benchmarks.targets.injection.privileges import Unprivileged
from benchmarks.targets.injection.proxy import FaultProxy
from benchmarks.targets.injection.signals import empty_bucket, killed, stalled

__all__ = [
    "DYNAMODB_THROTTLED",
    "GARBAGE",
    "RECOGNIZER_THROTTLED",
    "S3_INTERNAL_ERROR",
    "Fault",
    "FaultProxy",
    "HttpFault",
    "Latency",
    "Overrides",
    "Reset",
    "SmallDisk",
    "Stall",
    "Truncate",
    "Unprivileged",
    "VanishingHost",
    "empty_bucket",
    "full",
    "killed",
    "stalled",
    "throttled_recognizer",
]
