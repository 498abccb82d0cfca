"""Companions of a target: processes that play a service outside of it.

They are not part of what is measured. So they don't run on the target's cores, and `Target.sample`
leaves them out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from backing import ProcessSpec, Supervisor
from backing.ports import free_port
from benchmarks.targets.architectures import Architecture
from benchmarks.targets.local import readiness
from benchmarks.targets.local.settings import environments_folder

_API_KEY = "stub"  # no secret: it opens nothing but the stub


class Companion(Protocol):
    """Something outside of the target that its units talk to."""

    def start(
        self, supervisor: Supervisor, architecture: Architecture, cores: frozenset[int] | None
    ) -> Mapping[str, str]:
        """Start it without waiting; returns the settings that lead the units to it."""


@dataclass(frozen=True)
class ClarifaiStub:
    """Clarifai, played by the imaging wheel's stub: one face after `latency_ms`, no faults.

    The units' recognizer becomes Clarifai. The process `clarifai` runs in the environment of the
    unit that recognizes, which has the wheel.
    """

    latency_ms: float = 300.0

    def start(
        self, supervisor: Supervisor, architecture: Architecture, cores: frozenset[int] | None
    ) -> Mapping[str, str]:
        """See Companion."""
        (unit,) = [unit for unit in architecture.units if "recognizer" in unit.needs]
        port = free_port()
        supervisor.start(
            ProcessSpec(
                name="clarifai",
                unit="clarifai",
                role="companion",
                command=(
                    *(str(environments_folder() / unit.name / "bin" / "python"), "-m"),
                    *("imaging.clarifai_stub", "--port", str(port), "--api-key", _API_KEY),
                    *("--latency-ms", f"{self.latency_ms:g}"),
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


def join_settings(settings: Mapping[str, str], told: Mapping[str, str]) -> dict[str, str]:
    """Add what a companion tells the units. ValueError where the settings say something else."""
    for name, value in told.items():
        if settings.get(name, value) != value:
            message = f"{name} is {settings[name]!r} in the settings and {value!r} by a companion"
            raise ValueError(message)
    return {**settings, **told}
