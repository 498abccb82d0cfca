"""Ports for the servers that the tests start."""

import random
import socket

# Below the kernel's range for outgoing connections: one of those could take the port before its
# server is started, or while a test has stopped it.
_CANDIDATES = range(20_000, 32_768)
_reservations: list[socket.socket] = []  # held until this process ends


def free_port() -> int:
    """Return a port of 127.0.0.1 that no other test process is given while this one lives."""
    for port in random.sample(_CANDIDATES, k=1_000):
        reservation = socket.socket(socket.AF_UNIX)
        try:
            reservation.bind(f"\0test-port-{port}")  # a name without a file
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", port))
        except OSError:
            reservation.close()
            continue
        _reservations.append(reservation)
        return port
    message = "None of a thousand ports of 127.0.0.1 is free."
    raise OSError(message)
