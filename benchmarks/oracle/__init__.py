"""The oracle: compare what clients saw of a target with what its stores hold.

A `History` holds every request and response. `check` compares it with an `Inventory` of the
stores and returns the violations: lost, doubled, misplaced, stale, leaked, unfinished.
`RecordingClient` is one account's client that records; `load` and `steady_load` run it in threads.
"""

from benchmarks.oracle.check import VIOLATION_KINDS, Violation, check
from benchmarks.oracle.client import Exchange, RecordingClient
from benchmarks.oracle.history import Event, History, Operation
from benchmarks.oracle.load import load, steady_load
from benchmarks.oracle.settlement import settled_violations

__all__ = [
    "VIOLATION_KINDS",
    "Event",
    "Exchange",
    "History",
    "Operation",
    "RecordingClient",
    "Violation",
    "check",
    "load",
    "settled_violations",
    "steady_load",
]
