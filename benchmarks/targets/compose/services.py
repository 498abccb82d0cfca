"""What docker-compose.yml has: the services of an architecture, by unit, and its variables."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from backing import Role
from benchmarks.repository import REPOSITORY
from benchmarks.targets.architectures import Architecture
from benchmarks.targets.compose.container import Container
from benchmarks.targets.errors import EngineError
from benchmarks.targets.measure.containers import Container as Measured

FILE = REPOSITORY / "docker-compose.yml"
EDGE_NETWORK = "edge"
IMAGES = "image-server"
TAG_SUFFIX = "_TAG"
IMAGES_PREFIX = "one-flow/"
_IMAGE = re.compile(r"(one-flow/[\w-]+):\$\{(\w+)_TAG:-latest\}")
_VARIABLE = re.compile(r"\$\{(\w+)")
_SECONDS = re.compile(r"(\d+)s")
_GRACE_SECONDS = 10  # where the file has no other


@dataclass(frozen=True)
class Service:
    """One service. `unit` is what it is released with, "" for what no unit owns.

    `repository` is the name of its image, without the tag. `grace_seconds` is the time that it has
    to end.
    """

    name: str
    unit: str
    repository: str
    is_built: bool
    networks: frozenset[str]
    grace_seconds: int
    environment: Mapping[str, str] = field(hash=False)

    @property
    def is_release(self) -> bool:
        """Return whether it prepares a release, and ends."""
        return bool(self.unit) and self.name == f"{self.unit}-release"

    @property
    def is_found_by_edge(self) -> bool:
        """Return whether the edge finds its containers by the service's name."""
        return bool(self.unit) and self.networks == {"default", EDGE_NETWORK}


class Services:
    """The services of one architecture."""

    def __init__(self, architecture: Architecture) -> None:
        self._architecture = architecture.name
        self.all = {
            name: _service(name, raw)
            for name, raw in _document()["services"].items()
            if architecture.name in raw["profiles"]
        }

    @property
    def edge(self) -> Service:
        """Return the edge, which alone has a port of the machine."""
        return self.all[f"{self._architecture}-edge"]

    def processes(self, unit: str) -> list[Service]:
        """Return the services of a unit that run on; the edge is the last of its unit."""
        found = [it for it in self.all.values() if it.unit == unit and not it.is_release]
        return sorted(found, key=lambda service: service == self.edge)

    def release(self, unit: str) -> Service | None:
        """Return the service that prepares a unit's releases; None if it has none."""
        return self.all.get(f"{unit}-release")

    def of_process(self, process: str) -> Service:
        """Return the service of a process, by its type or by the name of one process.

        The edge and the backing services have one process of their own name. EngineError if there
        is none.
        """
        name = self.edge.name if process == "edge" else process
        found = self.all.get(name) or self.all.get(re.sub(r"-\d+$", "", name))
        if found is None or found.is_release:
            message = f"There is no process {process!r} in the {self._architecture}."
            raise EngineError(message)
        return found

    def measured(self, container: Container, process: str) -> Measured:
        """Return what a measurement needs of a container, which is of this process."""
        service = self.all[container.service]
        role: Role = "unit" if service.unit else "backing"
        if service == self.edge:
            role = "edge"
        elif service.name == IMAGES:
            role = "companion"
        unit = service.unit if role == "unit" else process
        return Measured(process, unit, role, container.id)


def tag_variable(unit: str) -> str:
    """Return the variable that has the tag of a unit's images."""
    return f"{unit.upper()}{TAG_SUFFIX}"


@cache
def variables() -> frozenset[str]:
    """Return the names of the file's variables."""
    return frozenset(_VARIABLE.findall(FILE.read_text()))


@cache
def _document() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text())
    return found


def _service(name: str, raw: Mapping[str, Any]) -> Service:
    image = _IMAGE.fullmatch(raw["image"])
    grace = _SECONDS.fullmatch(raw.get("stop_grace_period", f"{_GRACE_SECONDS}s"))
    if grace is None:
        message = f"{FILE.name}: stop_grace_period of {name} isn't in seconds"
        raise ValueError(message)
    return Service(
        name=name,
        unit="" if image is None else image[2].lower(),
        repository=raw["image"].partition(":")[0],
        is_built="build" in raw,
        networks=frozenset(raw.get("networks", ["default"])),
        grace_seconds=int(grace[1]),
        environment={key: str(value) for key, value in raw.get("environment", {}).items()},
    )
