"""Gates: proxies between the units and one backing service, whose address the units get.

`injection.FaultProxy` and `injection.VanishingHost` are gates. The harness itself bypasses them.
"""

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlsplit

GATED = ("postgres", "valkey", "s3", "dynamodb", "recognizer")


class Gate(Protocol):
    """A proxy that listens at `host` and `port` and forwards to a port of 127.0.0.1."""

    @property
    def host(self) -> str:
        """Return the host name or IP address that it listens at."""

    @property
    def port(self) -> int:
        """Return the port that it listens at."""

    def forward_to(self, port: int) -> None:
        """Forward new connections to this port of 127.0.0.1."""

    def close(self) -> None:
        """Stop listening and close its connections."""


def open_gates(
    gates: Mapping[str, Gate], ports: Mapping[str, int], settings: Mapping[str, str]
) -> dict[str, str]:
    """Connect each gate to its service; map the services' host:port to the gates'.

    The recognizer is the one at CLARIFAI_URL. ValueError for a gate of an unknown service.
    """
    known = dict(ports)
    recognizer = urlsplit(settings.get("CLARIFAI_URL", "")).port
    if recognizer is not None:
        known["recognizer"] = recognizer
    replaced = {}
    for name, gate in gates.items():
        if name not in known:
            message = f"there is no {name} to put a gate before; there are {', '.join(known)}"
            raise ValueError(message)
        gate.forward_to(known[name])
        replaced[f"127.0.0.1:{known[name]}"] = f"{gate.host}:{gate.port}"
    return replaced
