"""One unit's release: new containers beside the old ones, and then in their place."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.targets.compose.compose_command import Compose
from benchmarks.targets.compose.container import Container
from benchmarks.targets.compose.engine import Engine
from benchmarks.targets.compose.replicas import Replicas
from benchmarks.targets.compose.services import Service, Services, tag_variable
from benchmarks.targets.errors import EngineError
from benchmarks.targets.rolling_release import Canary

RELEASE_SECONDS = 600.0
_EDGE_SECONDS = 120.0


@dataclass(frozen=True)
class Rolled:
    """How many containers a rollout started, and whether it replaced the edge in its place."""

    started: int
    edge_replaced: bool


class Rollout:
    """Brings a unit's containers to the images of a tag.

    A container that has the image already stays. The edge has a port of the machine, which only one
    container can have: it is tried beside the old one without the port, and then replaced.
    """

    def __init__(
        self, engine: Engine, compose: Compose, services: Services, replicas: Replicas
    ) -> None:
        self._engine = engine
        self._compose = compose
        self._services = services
        self._replicas = replicas

    def require_images(self, unit: str, tag: str) -> None:
        """Raise EngineError if the machine lacks an image of the unit with this tag."""
        for service in self._services.processes(unit):
            image = f"{service.repository}:{tag}"
            if self._engine.image_id(image) is None:
                message = f"There is no container image {image}: build it, or tag it, first."
                raise EngineError(message)

    def prepare(self, unit: str, tags: Mapping[str, str]) -> None:
        """Run the unit's release, as migrations; `tags` are those of all units.

        EngineError if it fails; then no process has changed.
        """
        service = self._services.release(unit)
        if service is not None:
            arguments = ("run", "--rm", "--no-deps", "-T", service.name)
            variables = _variables(tags)
            self._compose.run(*arguments, variables=variables, timeout_seconds=RELEASE_SECONDS)

    def roll(
        self,
        unit: str,
        tags: Mapping[str, str],
        timeout_seconds: float,
        canary: Canary | None = None,
    ) -> Rolled:
        """Replace what runs of the unit by containers of its tag.

        NotReadyError if a new one doesn't become ready, WrongResponseError for what the canary
        finds; then none of them is left, and the old ones serve.
        """
        variables = _variables(tags)
        processes = self._services.processes(unit)
        before = self._ids(processes)
        outdated = {it: self._outdated(it, tags[unit]) for it in processes}
        edges = outdated.pop(self._services.edge, [])
        fresh: dict[Service, list[Container]] = {}
        try:
            # Web processes do nothing before the edge finds them; workers begin at once.
            web = {it: old for it, old in outdated.items() if it.is_found_by_edge}
            fresh |= self._start(web, variables, timeout_seconds)
            if canary is not None:
                self._compare(web, fresh, canary)
            others = {it: old for it, old in outdated.items() if it not in web}
            fresh |= self._start(others, variables, timeout_seconds)
            if edges:
                self._try_edge(variables, timeout_seconds)
        except BaseException:
            self._discard_new(processes, before)
            raise
        for service, started in fresh.items():
            self._replicas.admit(service, started)
        for service, old in outdated.items():
            self._replicas.retire(service, old)
        if edges:
            self._replace_edge(edges, variables)
        count = sum(len(containers) for containers in fresh.values())
        return Rolled(count + len(edges), bool(edges))

    def _start(
        self,
        outdated: Mapping[Service, Sequence[Container]],
        variables: Mapping[str, str],
        timeout_seconds: float,
    ) -> dict[Service, list[Container]]:
        """Start a new container beside each old one, and wait until they are ready."""
        fresh = {
            service: self._replicas.create(service, len(old), variables)
            for service, old in outdated.items()
            if old
        }
        ids = [container.id for started in fresh.values() for container in started]
        self._replicas.wait(ids, timeout_seconds)
        return fresh

    def _compare(
        self,
        old: Mapping[Service, Sequence[Container]],
        fresh: Mapping[Service, Sequence[Container]],
        canary: Canary,
    ) -> None:
        """Compare the new web processes, which the edge doesn't find yet, with those that serve."""
        for service, started in fresh.items():
            canary(self._urls(service, old[service]), self._urls(service, started))

    def _urls(self, service: Service, containers: Sequence[Container]) -> list[str]:
        """Return the URLs by which this machine reaches a service's containers as they are now."""
        network, port = self._replicas.network("default"), service.environment["PORT"]
        found = self._engine.inspect([it.id for it in containers])
        return [f"http://{it.addresses[network]}:{port}" for it in found]

    def _outdated(self, service: Service, tag: str) -> list[Container]:
        """Return the containers of a service that have another image than that of the tag."""
        image = self._engine.image_id(f"{service.repository}:{tag}")
        return [it for it in self._engine.containers(service.name) if it.image != image]

    def _ids(self, processes: Iterable[Service]) -> set[str]:
        return {found.id for it in processes for found in self._engine.containers(it.name)}

    def _discard_new(self, processes: Iterable[Service], before: Collection[str]) -> None:
        """Remove the containers of these services that weren't there before."""
        for service in processes:
            found = self._engine.containers(service.name)
            self._replicas.discard([it for it in found if it.id not in before])

    def _try_edge(self, variables: Mapping[str, str], timeout_seconds: float) -> None:
        """Start the new edge beside the old one, without a port; it has to become ready."""
        name = self._services.edge.name
        try:
            self._compose.run("run", "--detach", "--no-deps", name, variables=variables)
            ids = [it.id for it in self._engine.containers(name, one_off=True)]
            self._replicas.wait(ids, timeout_seconds)
        finally:
            self._engine.remove(self._engine.containers(name, one_off=True))

    def _replace_edge(self, old: Sequence[Container], variables: Mapping[str, str]) -> None:
        name = self._services.edge.name
        for container in old:
            self._replicas.keep_log(container)
        arguments = ("up", "--detach", "--no-deps", "--no-build", "--force-recreate", name)
        self._compose.run(*arguments, variables=variables, timeout_seconds=_EDGE_SECONDS)
        ids = [it.id for it in self._engine.containers(name)]
        self._replicas.wait(ids, _EDGE_SECONDS)


def _variables(tags: Mapping[str, str]) -> dict[str, str]:
    return {tag_variable(unit): tag for unit, tag in tags.items()}
