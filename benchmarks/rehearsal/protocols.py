"""What a rehearsal needs of a target; those of Docker Compose and of Kubernetes have it."""

from collections.abc import Mapping
from typing import Protocol

from benchmarks.targets.architectures import Architecture
from benchmarks.targets.measure.inventory import Inventory
from benchmarks.targets.rolling_release import Canary, Release


class EngineTarget(Protocol):
    """An architecture that a container engine runs. Its methods raise EngineError."""

    @property
    def architecture(self) -> Architecture:
        """The architecture."""

    @property
    def arch(self) -> str:
        """The name of the architecture."""

    @property
    def base_url(self) -> str:
        """The base URL."""

    def process_types(self, unit: str) -> list[str]:
        """Return the names of a unit's process types."""

    def logs(self, process: str) -> str:
        """Return the log of a process type."""

    def images(self, unit: str) -> set[str]:
        """Return the container images that a unit's processes run from."""

    def release(
        self,
        unit: str,
        tag: str,
        timeout_seconds: float = ...,
        *,
        canary: Canary | None = None,
    ) -> Release:
        """Bring a tag's version into service; or undo what has changed, and raise the cause.

        NotReadyError if it never becomes ready, WrongResponseError for what the canary finds.
        """

    def undo(self, unit: str) -> float:
        """Return a unit to before its newest release; return the seconds that took."""

    def scale(self, process: str, count: int) -> float:
        """Bring a process type to so many processes; return the seconds until they were ready."""

    def kill(self, process: str) -> None:
        """Kill the processes of a type; the engine starts others."""

    def restart(self, process: str) -> float:
        """Restart a backing service; return the seconds until it was ready."""

    def inventory(self, *, read_results: bool = False) -> Inventory:
        """Return all rows and objects; with `read_results`, the results' submissions too."""


class AutoscaledTarget(EngineTarget, Protocol):
    """One whose engine scales workers by their queue."""

    def autoscale(self, most: Mapping[str, int], *, least: int = 1) -> None:
        """Let the queue's length bring process types to so many processes, all others to one."""

    def pods(self, process: str) -> list[str]:
        """Return the names of the processes of a type that are ready."""
