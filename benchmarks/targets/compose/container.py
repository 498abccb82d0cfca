"""A container of a Compose project, as `docker inspect` describes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LABEL = "com.docker.compose."
# What the engine restarts as often as that won't become ready.
RESTARTS_MAX = 3
_ENDED = frozenset({"exited", "dead"})


@dataclass(frozen=True)
class Container:
    """One container, at the moment of the description.

    `number` is that of Compose within the service: the lower, the older. `pid` is the id of the
    main process on the engine's machine, 0 while it doesn't run. `status` is the engine's (created,
    running, paused, restarting, exited, dead), `health` "" without a health check. `image` is an
    image's id, `addresses` are by network.
    """

    id: str
    service: str
    number: int
    pid: int
    status: str
    health: str
    exit_status: int
    restarts: int
    image: str
    addresses: Mapping[str, str]

    @property
    def is_ready(self) -> bool:
        """Return whether it runs, and is healthy by its health check if it has one."""
        return self.status == "running" and self.health in {"", "healthy"}

    @property
    def is_done(self) -> bool:
        """Return whether it has ended without an error, as a release does."""
        return self.status in _ENDED and self.exit_status == 0

    @property
    def has_failed(self) -> bool:
        """Return whether it won't become ready: it has ended, or it ends again and again."""
        return self.status in _ENDED or self._is_restarted_in_vain

    @property
    def state(self) -> str:
        """Return what it does, as the end of a sentence about it."""
        if self.status in _ENDED:
            return f"has ended with status {self.exit_status}"
        if self._is_restarted_in_vain:
            return f"has ended {self.restarts} times"
        is_probed = self.status == "running" and self.health != ""
        return f"is {self.health if is_probed else self.status}"

    @property
    def _is_restarted_in_vain(self) -> bool:
        return self.status == "restarting" and self.restarts >= RESTARTS_MAX


def read_container(raw: Mapping[str, Any]) -> Container:
    """Return the container that one object of `docker inspect` describes."""
    labels, state = raw["Config"]["Labels"], raw["State"]
    networks = raw["NetworkSettings"]["Networks"] or {}
    return Container(
        id=raw["Id"],
        service=labels[f"{LABEL}service"],
        number=int(labels.get(f"{LABEL}container-number") or 1),
        pid=int(state.get("Pid", 0)),
        status=state["Status"],
        health=(state.get("Health") or {}).get("Status", ""),
        exit_status=int(state.get("ExitCode", 0)),
        restarts=int(raw.get("RestartCount", 0)),
        image=raw["Image"],
        addresses={name: found.get("IPAddress", "") for name, found in networks.items()},
    )
