"""Evaluate NetworkPolicies as a cluster that enforces them does.

A pod that no policy selects for a direction is open in it. One that is selected is open to what any
of its policies names. A connection needs both: the sender's egress and the receiver's ingress.
https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any

from manifests.render import Manifest

NAMESPACE_NAME = "kubernetes.io/metadata.name"
Rules = list[dict[str, Any]]


@dataclass(frozen=True)
class Endpoint:
    """Something with an address: a pod, if it has a `namespace`, or a host outside the cluster."""

    address: str
    namespace: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)


class UnknownSelector(Exception):
    """A policy uses what this module doesn't evaluate."""


@dataclass(frozen=True)
class Port:
    """A port of a receiver."""

    number: int
    protocol: str = "TCP"


def allowed(policies: Iterable[Manifest], source: Endpoint, target: Endpoint, port: Port) -> bool:
    """Return whether a connection is permitted at both of its ends. Raises UnknownSelector."""
    known = list(policies)
    return _open(_selecting(known, "Egress", source), "to", source, target, port) and _open(
        _selecting(known, "Ingress", target), "from", target, source, port
    )


def _selecting(policies: list[Manifest], direction: str, pod: Endpoint) -> list[Rules]:
    """Return the rules of each policy that selects a pod for a direction."""
    return [
        it["spec"].get(direction.lower(), [])
        for it in policies
        if it["metadata"]["namespace"] == pod.namespace
        and direction in it["spec"]["policyTypes"]
        and _selects(it["spec"]["podSelector"], pod.labels)
    ]


def _open(policies: list[Rules], peers: str, pod: Endpoint, other: Endpoint, port: Port) -> bool:
    """Return whether a pod is open to another endpoint, by the policies that select it."""
    return not policies or any(
        _port_matches(rule.get("ports"), port)
        and _peer_matches(rule.get(peers), other, pod.namespace)
        for rules in policies
        for rule in rules
    )


def _port_matches(ports: list[dict[str, Any]] | None, port: Port) -> bool:
    return not ports or any(
        it.get("port", port.number) == port.number and it.get("protocol", "TCP") == port.protocol
        for it in ports
    )


def _peer_matches(peers: list[dict[str, Any]] | None, other: Endpoint, own: str | None) -> bool:
    return not peers or any(_is_peer(it, other, own) for it in peers)


def _is_peer(peer: dict[str, Any], other: Endpoint, own: str | None) -> bool:
    if "ipBlock" in peer:
        block = peer["ipBlock"]
        return _within(other.address, block["cidr"]) and not any(
            _within(other.address, it) for it in block.get("except", ())
        )
    if other.namespace is None:
        return False
    if "namespaceSelector" in peer:
        labels = {NAMESPACE_NAME: other.namespace}
        if not _selects(peer["namespaceSelector"], labels):
            return False
    elif other.namespace != own:
        return False
    return _selects(peer.get("podSelector", {}), other.labels)


def _within(address: str, network: str) -> bool:
    return ip_address(address) in ip_network(network)


def _selects(selector: dict[str, Any], labels: Mapping[str, str]) -> bool:
    if set(selector) - {"matchLabels"}:
        raise UnknownSelector(str(selector))
    return all(labels.get(name) == it for name, it in selector.get("matchLabels", {}).items())
