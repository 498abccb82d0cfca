"""Docker and Compose in memory: containers of one project, as the target's commands change them."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.targets import ARCHITECTURES
from benchmarks.targets.compose.container import Container
from benchmarks.targets.compose.services import Service, Services, tag_variable
from benchmarks.targets.errors import EngineError


class FakeEngine:
    """Keeps containers. Those of an image in `sick` never become healthy, once started."""

    def __init__(self, project: str) -> None:
        self.project = project
        self.kept: dict[str, Container] = {}
        self.one_off: set[str] = set()
        self.images: dict[str, str] = {}
        self.sick: set[str] = set()
        self.has_network = True
        self.calls: list[tuple[str, ...]] = []

    def run(self, *arguments: str, **_options: object) -> str:
        self.calls.append(arguments)
        match arguments:
            case ("start", *ids):
                for name in ids:
                    health = "starting" if self.kept[name].image in self.sick else "healthy"
                    self._change(name, status="running", health=health, pid=4000 + len(self.calls))
            case ("stop", "-t", _, *ids):
                for name in ids:
                    self._change(name, status="exited", pid=0)
            case ("network", "disconnect", network, name):
                left = {k: v for k, v in self.kept[name].addresses.items() if k != network}
                self._change(name, addresses=left)
            case ("network", "connect", *_, network, name):
                joined = {**self.kept[name].addresses, network: "172.20.0.9"}
                self._change(name, addresses=joined)
        return ""

    def exists(self) -> bool:
        """Return whether something is left; its networks go with `down` alone."""
        return self.has_network or bool(self.kept)

    def containers(self, service: str | None = None, *, one_off: bool = False) -> list[Container]:
        found = [it for it in self.kept.values() if (it.id in self.one_off) is one_off]
        chosen = [it for it in found if service in {None, it.service}]
        return sorted(chosen, key=lambda found: (found.service, found.number))

    def inspect(self, ids: Sequence[str]) -> list[Container]:
        return [self.kept[it] for it in ids]

    def image_id(self, image: str) -> str | None:
        return self.images.get(image)

    def log(self, container: Container) -> str:
        return f"log of {container.id}\n"

    def describe(self, container: Container) -> str:
        return f"{container.service} {container.state}: {self.log(container).strip()}"

    def remove(self, containers: Sequence[Container]) -> None:
        for found in containers:
            self.calls.append(("rm", found.id))
            del self.kept[found.id]

    def add(self, service: Service, image: str, *, one_off: bool = False) -> Container:
        """Create a container, which doesn't run yet."""
        of_service = [it.number for it in self.kept.values() if it.service == service.name]
        number = max(of_service, default=0) + 1
        made = Container(
            id=f"{service.name}#{number}",
            service=service.name,
            number=number,
            pid=0,
            status="created",
            health="",
            exit_status=0,
            restarts=0,
            image=image,
            addresses={f"{self.project}_{name}": "172.20.0.8" for name in service.networks},
        )
        self.kept[made.id] = made
        if one_off:
            self.one_off.add(made.id)
        return made

    def _change(self, container_id: str, **changes: object) -> None:
        found: Any = dataclasses.replace  # whose types the fields of `changes` don't show
        self.kept[container_id] = found(self.kept[container_id], **changes)


class FakeCompose:
    """Creates containers with the image that the variables have for the unit."""

    def __init__(self, engine: FakeEngine, services: Services, tags: Mapping[str, str]) -> None:
        self.project = engine.project
        self.calls: list[tuple[str, ...]] = []
        self.release_fails = False
        self.failing_downs = 0
        self._engine = engine
        self._services = services
        self._tags = {tag_variable(unit): tag for unit, tag in tags.items()}

    def run(
        self, *arguments: str, variables: Mapping[str, str] | None = None, **_options: object
    ) -> str:
        self.calls.append(arguments)
        given = self._tags | dict(variables or {})
        match arguments:
            case ("up", "--no-start", *options, name):
                wanted = int(options[-1].partition("=")[2])
                for _ in range(wanted - len(self._engine.containers(name))):
                    self._create(name, given)
            case ("run", "--rm", *_) if self.release_fails:
                message = "docker-compose run: a migration failed"
                raise EngineError(message)
            case ("run", "--detach", "--no-deps", name):
                self._engine.run("start", self._create(name, given, one_off=True).id)
            case ("down", *_):
                self._down()
            case ("up", "--detach", *_, name):
                self._engine.remove(self._engine.containers(name))
                self._engine.run("start", self._create(name, given).id)
        return ""

    def _down(self) -> None:
        if self.failing_downs:
            self.failing_downs -= 1
            message = "docker-compose down: network has active endpoints"
            raise EngineError(message)
        self._engine.kept.clear()
        self._engine.has_network = False

    def _create(self, name: str, given: Mapping[str, str], *, one_off: bool = False) -> Container:
        service = self._services.all[name]
        image = f"{service.repository}:{given[tag_variable(service.unit)]}"
        return self._engine.add(service, self._engine.images[image], one_off=one_off)


def running(arch: str) -> tuple[FakeEngine, FakeCompose, Services]:
    """Return an architecture of which each process runs once, of images with the tag `local`.

    There are others with the tags `next` and `bad`; those of the edges are the same.
    """
    services = Services(ARCHITECTURES[arch])
    engine = FakeEngine(f"one-flow-{arch}")
    units = {it.unit: "local" for it in services.all.values() if it.unit}
    for service in services.all.values():
        for tag in ("local", "next", "bad"):
            same = service == services.edge
            engine.images[f"{service.repository}:{tag}"] = (
                f"{service.repository}@{'local' if same else tag}"
            )
    engine.sick = {it for it in engine.images.values() if it.endswith("@bad")}
    for service in services.all.values():
        if not service.is_release:
            engine.run("start", engine.add(service, f"{service.repository}@local").id)
    engine.calls.clear()
    return engine, FakeCompose(engine, services, units), services
