"""Publish the ports of processes to a load balancer by DNS; `discovery_server` is the server."""

import json
import socket
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

from backing.binaries import servers_python
from backing.processes import ProcessSpec, Role

DOMAIN = "target"
_SERVER = Path(__file__).with_name("discovery_server.py")
_TIMEOUT_SECONDS = 1.0
# An identity, "recursion desired", one question: the address (A, 1) in the Internet (IN, 1)
_QUERY = struct.pack("!6H", 1, 0x0100, 1, 0, 0, 0) + b"\4here\6target\0" + struct.pack("!2H", 1, 1)


def specification(
    file: Path, *, port: int, unit: str, role: Role, cores: frozenset[int] | None = None
) -> ProcessSpec:
    """Return how to start the DNS server for `unit`. It reads `file`, which `write` creates."""
    return ProcessSpec(
        name="discovery",
        unit=unit,
        role=role,
        command=(str(servers_python()), str(_SERVER), str(file), str(port)),
        directory=file.parent,
        ready=lambda _process: _responds(port),
        cores=cores,
    )


def write(file: Path, ports: Mapping[str, Sequence[int]]) -> None:
    """Replace the ports of each name; `NAME.target` then has one SRV record for each port."""
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps({name: list(of) for name, of in ports.items()}))
    fresh.replace(file)


def _responds(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(_TIMEOUT_SECONDS)
        client.connect(("127.0.0.1", port))
        client.send(_QUERY)
        return bool(client.recv(512))  # or OSError, which means "not yet"
