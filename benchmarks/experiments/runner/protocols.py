"""What a trial needs of a target, of a load, and of what acts on the target meanwhile."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol, Self, runtime_checkable

from benchmarks.experiments.runner.generator import Event


class Target(Protocol):
    """A deployed system, as far as a trial needs it; `benchmarks.targets.Target` is one."""

    @property
    def base_url(self) -> str:
        """The base URL."""

    @property
    def run_dir(self) -> Path:
        """The folder that has its logs."""

    def sample(self) -> list[Any]:
        """Read CPU and memory of every process (`benchmarks.targets.ProcessSample`)."""

    def sample_companions(self) -> list[Any]:
        """Read the same of the companions: they share the generator's core and aren't measured."""

    def counts(self) -> Any:
        """Count what it holds (`benchmarks.targets.Counts`); None where that can't be read."""

    def counters(self) -> Any:
        """Count messages, statements, bytes (`benchmarks.targets.Counters`); None likewise."""

    def scale_all(self, counts: Mapping[str, int]) -> Any:
        """Bring process types to so many processes, all at once."""


@runtime_checkable
class CollectsLogs(Protocol):
    """A target whose logs aren't in its folder by themselves: a container engine has them."""

    def collect_logs(self) -> None:
        """Write them there."""


class Load(Protocol):
    """What drives a trial and yields its marks; the generator is one."""

    def events(self) -> Iterator[Event]:
        """Yield each event as it comes, up to `drained`."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(self, *exception: Any) -> None:
        """End it, however far it was."""


class Actor(Protocol):
    """What is done to a target while it is loaded, and written down."""

    def begin(self, step: int) -> None:
        """Begin the window of a step."""

    def progress(self, fields: Mapping[str, Any]) -> None:
        """Take the load's progress, twice a second: accepted, succeeded, errors so far."""

    def __enter__(self) -> Self:
        """Get ready, before there is any load."""

    def __exit__(self, *exception: Any) -> None:
        """End what is under way, within a limit."""


Deploy = Callable[..., AbstractContextManager[Target]]
MakeActor = Callable[..., Actor]  # (target, arm, actions, notes)
MakeLoad = Callable[..., Load]
