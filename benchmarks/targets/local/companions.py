"""Companions of a target: processes that stand in for a service outside of it.

They aren't measured: they don't run on the target's cores, and `Target.sample` leaves them out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from backing import ProcessSpec, Supervisor
from backing.ports import free_port
from benchmarks.targets.architectures import Architecture
from benchmarks.targets.local import readiness
from benchmarks.targets.local.settings import environments_folder

_API_KEY = "stub"  # no secret: only the stub accepts it


class Companion(Protocol):
    """A process outside of the target that its units send requests to."""

    def start(
        self, supervisor: Supervisor, architecture: Architecture, cores: frozenset[int] | None
    ) -> Mapping[str, str]:
        """Start it without waiting; return the settings by which the units use it."""


@dataclass(frozen=True)
class ClarifaiStub:
    """The imaging wheel's stub of Clarifai: it returns one face after `latency_ms`, without faults.

    The units' recognizer becomes Clarifai. The process `clarifai` runs in the environment of the
    unit that needs the recognizer, which has the wheel.
    """

    latency_ms: float = 300.0

    def start(
        self, supervisor: Supervisor, architecture: Architecture, cores: frozenset[int] | None
    ) -> Mapping[str, str]:
        """Start the stub; return the settings of a Clarifai recognizer that uses it."""
        (unit,) = [unit for unit in architecture.units if "recognizer" in unit.needs]
        port = free_port()
        supervisor.start(
            ProcessSpec(
                name="clarifai",
                unit="clarifai",
                role="companion",
                command=(
                    str(environments_folder() / unit.name / "bin" / "python"),
                    "-m",
                    "imaging.clarifai_stub",
                    "--port",
                    str(port),
                    "--api-key",
                    _API_KEY,
                    "--latency-ms",
                    f"{self.latency_ms:g}",
                ),
                directory=supervisor.run_dir,
                ready=readiness.listens(port),
                cores=cores,
            )
        )
        return {
            "RECOGNIZER": "clarifai",
            "CLARIFAI_URL": f"http://127.0.0.1:{port}",
            "CLARIFAI_API_KEY": _API_KEY,
        }


def join_settings(settings: Mapping[str, str], added: Mapping[str, str]) -> dict[str, str]:
    """Add a companion's settings for the units. ValueError if `settings` has other values."""
    for name, value in added.items():
        if settings.get(name, value) != value:
            message = f"{name} is {settings[name]!r} in the settings and {value!r} in a companion's"
            raise ValueError(message)
    return {**settings, **added}
