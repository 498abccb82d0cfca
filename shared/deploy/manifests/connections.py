"""Who may talk to whom: the table `connections.toml`, and the policies evaluated for every pair."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from manifests.network import Endpoint, Port, allowed
from manifests.render import ARCHITECTURES, KUBERNETES, LOCAL, PRODUCTION, Manifest, of_kind

TABLE = KUBERNETES / "connections.toml"
CLIENTS, INTERNET = "clients", "internet"
_WORKLOADS = ("Deployment", "StatefulSet", "Job")
_INGRESS_CONTROLLER = Endpoint("10.244.9.9", namespace="ingress-nginx")
# Hosts outside: none reaches a process but as a client, and only the first may be reached.
_PUBLIC = Endpoint("203.0.113.9")
STRANGERS = {
    "the metadata of the machine": Endpoint("169.254.169.254"),
    "a host of the private network": Endpoint("10.0.99.9"),
    "a pod of another namespace": Endpoint("10.244.8.8", namespace="another"),
}
_WEB_PORTS = (80, 443)


@dataclass(frozen=True, order=True)
class Connection:
    """A sender, a receiver, and the receiver's TCP port."""

    source: str
    target: str
    port: int


class TableError(ValueError):
    """The table names what isn't there; the text names it."""


def expected(overlay: str, architecture: str, path: Path = TABLE) -> set[Connection]:
    """Return what the table permits in an overlay. Raises TableError."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    rows: dict[str, list[str]] = dict(table[architecture])
    if overlay != PRODUCTION:
        for source, added in table["local"][architecture].items():
            rows[source] = [*rows.get(source, ()), *added]
    return {
        Connection(source, target, port)
        for source, targets in rows.items()
        for target in targets
        for port in _ports(table, overlay, target)
    }


def expected_of_load(architecture: str, path: Path = TABLE) -> set[Connection]:
    """Return what the table permits where the load generator runs beside an architecture."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    others = {f"{it}-edge" for it in ARCHITECTURES if it != architecture}
    return expected(LOCAL, architecture, path) | {
        Connection(source, target, port)
        for source, targets in table["load"].items()
        for target in targets
        if target not in others
        for port in _ports(table, LOCAL, target)
    }


def found(overlay: str, manifests: tuple[Manifest, ...], path: Path = TABLE) -> set[Connection]:
    """Return what the rendered policies permit, of every pair of a sender and a receiver."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    policies = [it for it in manifests if it["kind"] == "NetworkPolicy"]
    pods = pods_of(manifests)
    senders = [*pods.items(), *_outside(overlay)]
    receivers = {**pods, INTERNET: _PUBLIC, **STRANGERS}
    if overlay == PRODUCTION:
        receivers |= {name: Endpoint(address) for name, (address, _) in table["managed"].items()}
    ports = {port for name in receivers for port in _ports(table, overlay, name)}
    return {
        Connection(source, target, port)
        for source, sender in senders
        for target, receiver in receivers.items()
        if source != target and (source in pods or target in pods)
        for port in ports
        if allowed(policies, sender, receiver, Port(port))
    }


def pods_of(manifests: tuple[Manifest, ...]) -> dict[str, Endpoint]:
    """Return a pod of each workload, by the workload's name."""
    workloads = of_kind(manifests, *_WORKLOADS)
    return {
        name: Endpoint(
            f"10.244.0.{number}",
            it["metadata"]["namespace"],
            it["spec"]["template"]["metadata"]["labels"],
        )
        for number, (name, it) in enumerate(workloads.items(), start=1)
    }


def processes_of(path: Path = TABLE) -> Iterator[tuple[str, str]]:
    """Yield each architecture and each of its processes that the table has as a sender."""
    table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    for architecture in ARCHITECTURES:
        for name in table[architecture]:
            if name != CLIENTS:
                yield architecture, name


def _outside(overlay: str) -> list[tuple[str, Endpoint]]:
    """Return what isn't part of the system, by name.

    Everything is a client, but in `production` the ingress controller alone.
    """
    if overlay == PRODUCTION:
        return [(CLIENTS, _INGRESS_CONTROLLER), (INTERNET, _PUBLIC), *STRANGERS.items()]
    return [(CLIENTS, it) for it in (_INGRESS_CONTROLLER, _PUBLIC, *STRANGERS.values())]


def _ports(table: dict[str, Any], overlay: str, target: str) -> tuple[int, ...]:
    if target == INTERNET:
        return _WEB_PORTS
    if target in STRANGERS:
        return ()
    if overlay == PRODUCTION and target in table["managed"]:
        return (int(table["managed"][target][1]),)
    return (int(table["ports"][target]),) if target in table["ports"] else ()
