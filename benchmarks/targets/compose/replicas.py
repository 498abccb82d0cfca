"""Containers that come and go while a service runs on: each is used once it is healthy.

Compose has no rolling release. It can create containers of a new image beside the old ones, though,
and Docker's DNS has an address for each container that is in a network under the service's name.
So a new container of a web process first is in the networks under no name: it reaches whatever it
calls, and the edge doesn't find it. When it is healthy, it joins the edge's network again, by name.
"""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from benchmarks.targets.compose.compose_command import Compose
from benchmarks.targets.compose.container import Container
from benchmarks.targets.compose.engine import Engine
from benchmarks.targets.compose.services import EDGE_NETWORK, Service
from benchmarks.targets.errors import EngineError, NotReadyError

POLL_SECONDS = 0.5
# The edge requests the addresses four times a second.
EDGE_SECONDS = 1.0
_CREATE_SECONDS = 120.0
_MARGIN_SECONDS = 30.0


class Replicas:
    """Adds, removes and replaces containers of one project; keeps the logs of those it removes."""

    def __init__(self, engine: Engine, compose: Compose, logs: Path) -> None:
        self._engine = engine
        self._compose = compose
        self._logs = logs

    def create(self, service: Service, count: int, variables: Mapping[str, str]) -> list[Container]:
        """Create `count` more containers of a service beside the others, and start them.

        They aren't ready yet, and the edge doesn't know them.
        """
        before = {it.id for it in self._engine.containers(service.name)}
        self._compose.run(
            "up",
            "--no-start",
            "--no-deps",
            "--no-recreate",
            "--no-build",
            "--scale",
            f"{service.name}={len(before) + count}",
            service.name,
            variables=variables,
            timeout_seconds=_CREATE_SECONDS,
        )
        fresh = [it for it in self._engine.containers(service.name) if it.id not in before]
        if service.is_found_by_edge:
            for container in fresh:
                for network in container.addresses:
                    self._engine.run("network", "disconnect", network, container.id)
                for network in sorted(service.networks):
                    self._engine.run("network", "connect", self.network(network), container.id)
        if fresh:
            self._engine.run("start", *(it.id for it in fresh))
        return fresh

    def wait(self, ids: Sequence[str], timeout_seconds: float) -> None:
        """Wait until all of these containers are ready.

        EngineError, with the end of its log, if one has ended; NotReadyError after the timeout.
        """
        deadline = time.monotonic() + timeout_seconds
        while True:
            waiting = [it for it in self._engine.inspect(ids) if not it.is_ready]
            if not waiting:
                return
            failed = [it for it in waiting if it.has_failed]
            if failed:
                raise EngineError(self._engine.describe(failed[0]))
            if time.monotonic() > deadline:
                found = self._engine.describe(waiting[0])
                message = f"Not ready after {timeout_seconds:g} s: {found}"
                raise NotReadyError(message)
            time.sleep(POLL_SECONDS)

    def admit(self, service: Service, containers: Sequence[Container]) -> None:
        """Let the edge and the other services find these containers."""
        if service.is_found_by_edge and containers:
            network = self.network(EDGE_NETWORK)
            for container in containers:
                alias = f"--alias={service.name}"
                self._engine.run("network", "disconnect", network, container.id)
                self._engine.run("network", "connect", alias, network, container.id)
            time.sleep(EDGE_SECONDS)

    def retire(self, service: Service, containers: Sequence[Container]) -> None:
        """Let these containers finish their work, and remove them."""
        ids = [it.id for it in containers]
        if ids:
            seconds = service.grace_seconds
            limit = seconds + _MARGIN_SECONDS
            self._engine.run("stop", "-t", str(seconds), *ids, timeout_seconds=limit)
            self.discard(containers)

    def discard(self, containers: Sequence[Container]) -> None:
        """Keep the logs of these containers, and remove them at once."""
        for container in containers:
            self.keep_log(container)
        self._engine.remove(containers)

    def keep_log(self, container: Container) -> None:
        """Write a container's log into the folder of logs; the error, if it can't be read.

        Never raises: where the disk is full, there is no log, and the container can be removed.
        """
        try:
            text = self._engine.log(container)
        except EngineError as error:
            text = f"{error}\n"
        with suppress(OSError):
            self._logs.mkdir(parents=True, exist_ok=True)
            path = self._logs / f"{container.service}-{container.number}.log"
            path.write_text(text)

    def network(self, name: str) -> str:
        """Return the name that a network of docker-compose.yml has on this machine."""
        return f"{self._compose.project}_{name}"
