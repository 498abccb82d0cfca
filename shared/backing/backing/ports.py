"""Free ports on 127.0.0.1 for the backing services.

Ports are taken from below the range that the kernel uses for outgoing connections. A port inside
that range can be taken by any client between this package's check and the server's bind, and a
client that retries against a stopped server there can even connect to itself and keep the port.
"""

import fcntl
import os
import random
import socket
import tempfile
from collections import deque
from pathlib import Path
from typing import IO

FIRST_PORT = 20_000
LAST_PORT = 32_000
# Each holds a file open, of which a process may have a thousand. A deployment takes some 15, so
# the servers of the oldest are long gone.
RESERVATIONS = 300

_reservations: deque[IO[bytes]] = deque()


def is_free(port: int) -> bool:
    """Return whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """Return `count` distinct free ports, reserved against other runs of this package.

    The reservation is a file lock that this process holds until it ends, or has reserved
    `RESERVATIONS` more; by then the servers are bound, or gone. OSError where too few are free.
    """
    ports: list[int] = []
    candidates = random.SystemRandom().sample(range(FIRST_PORT, LAST_PORT), k=2_000)
    for port in candidates:
        if len(ports) == count:
            break
        if is_free(port) and _reserve(port):
            ports.append(port)
    if len(ports) < count:
        message = f"Only {len(ports)} of {count} free ports found from {FIRST_PORT} to {LAST_PORT}."
        raise OSError(message)
    return ports


def free_port() -> int:
    """Return one free port, reserved as by `free_ports`."""
    return free_ports(1)[0]


def _reserve(port: int) -> bool:
    folder = Path(tempfile.gettempdir()) / f"backing-ports-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    lock = (folder / str(port)).open("wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return False
    _reservations.append(lock)
    if len(_reservations) > RESERVATIONS:
        _reservations.popleft().close()
    return True
