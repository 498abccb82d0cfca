"""What the model is given of one architecture: CPU time and memory of its processes, operations."""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.cost.operations import ArchitectureCounts

DATABASE, CACHE = "postgres", "valkey"
# What a process does. A sweeper does the same work beside ten others as beside one.
WORKER, SWEEPER = "worker", "sweeper"


@dataclass(frozen=True, slots=True)
class Usage:
    """One architecture as measured.

    `cpu_ms` is of one submission, by process type (`monolith-web`) or backing service;
    `memory_bytes` of one process, by type; `counts` are its operations.
    """

    cpu_ms: Mapping[str, float]
    memory_bytes: Mapping[str, float]
    counts: ArchitectureCounts

    @property
    def types(self) -> tuple[str, ...]:
        """The process types of the units, which run as tasks."""
        return tuple(sorted(self.memory_bytes))

    @property
    def worker(self) -> str:
        """The process type that recognizes."""
        (found,) = (name for name in self.types if kind(name) == WORKER)
        return found

    def submission_cpu_ms(self, name: str, *, sign_ins: float, sign_ups: float) -> float:
        """Return CPU-ms of a process type for one submission and its share of the sign-ins."""
        beside = self.counts.sign_in.cpu_ms.get(name, 0.0) * sign_ins
        return (
            self.cpu_ms.get(name, 0.0)
            + beside
            + self.counts.sign_up.cpu_ms.get(name, 0.0) * sign_ups
        )


def kind(process_type: str) -> str:
    """Return what a process type does: `monolith-web` is a web process."""
    return process_type.rpartition("-")[2]
