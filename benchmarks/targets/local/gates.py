"""A gate: what stands between the units and one backing service, and is what they are given.

`injection.FaultProxy` and `injection.VanishingHost` are gates. The harness itself goes round them.
"""

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlsplit

GATED = ("postgres", "valkey", "s3", "dynamodb", "recognizer")


class Gate(Protocol):
    """Listens at `host` and `port` and leads to a port of 127.0.0.1."""

    @property
    def host(self) -> str:
        """Where it listens."""

    @property
    def port(self) -> int:
        """The port there."""

    def lead_to(self, port: int) -> None:
        """Connect to this port from now on."""

    def close(self) -> None:
        """Stop listening."""


def open_gates(
    gates: Mapping[str, Gate], ports: Mapping[str, int], settings: Mapping[str, str]
) -> dict[str, str]:
    """Lead each gate to its service; return what replaces what in the settings of the units.

    The recognizer is at CLARIFAI_URL. ValueError for a gate before something that there isn't.
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
        gate.lead_to(known[name])
        replaced[f"127.0.0.1:{known[name]}"] = f"{gate.host}:{gate.port}"
    return replaced
