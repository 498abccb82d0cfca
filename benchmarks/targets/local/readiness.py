"""Readiness probes for each kind of process, from outside of it and without fixed waits."""

import socket
import ssl
import time
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx
import psutil
import redis

from backing import Process

_SETTLED_SECONDS = 0.5
# For requests to this machine, which are without TLS. httpx loads the system's certificates for
# each request otherwise: 15 to 30 ms of CPU time, several times a second while a target starts.
WITHOUT_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def responds_ok(url: str) -> Callable[[Process], bool]:
    """Return a probe for status 200 at a URL."""

    def ready(_process: Process) -> bool:
        try:
            found = httpx.get(url, timeout=2, trust_env=False, verify=WITHOUT_CERTIFICATES)
        except httpx.HTTPError as error:
            raise OSError(f"{url}: {error}") from error
        if found.status_code != HTTPStatus.OK:
            raise OSError(f"{url}: status {found.status_code}")
        return True

    return ready


def listens(port: int) -> Callable[[Process], bool]:
    """Return a probe for a port of 127.0.0.1 that accepts connections."""

    def ready(_process: Process) -> bool:
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return True  # or OSError, which means "not yet"

    return ready


def consumes(broker_url: str, *, is_gated: bool = False) -> Callable[[Process], bool]:
    """Return a probe for a process that waits for messages: a connection of its blocks in BRPOP.

    The broker lists the connections, so the probe is independent of the worker's log and remote
    control. Behind a gate the broker can't attribute a connection to a process: then any blocking
    connection, together with one of the process to the gate, counts.
    """
    gate = urlsplit(broker_url).port
    client = redis.Redis.from_url(broker_url, socket_timeout=2, socket_connect_timeout=2)

    def ready(process: Process) -> bool:
        try:
            waiting = {
                int(found["addr"].rpartition(":")[2])
                for found in client.client_list()
                if found["cmd"] in {"brpop", "bzmpop", "xreadgroup"}
            }
            connections = psutil.Process(process.pid).net_connections("tcp")
            own = {connection.laddr.port for connection in connections}
            peers = {connection.raddr.port for connection in connections if connection.raddr}
        except (redis.RedisError, psutil.Error):
            return False
        return bool(waiting) and gate in peers if is_gated else bool(waiting & own)

    return ready


def survives() -> Callable[[Process], bool]:
    """Return a probe for a process without a port: it still runs after half a second."""
    started = time.clock_gettime(time.CLOCK_BOOTTIME)

    def ready(process: Process) -> bool:
        now = time.clock_gettime(time.CLOCK_BOOTTIME)
        return now - max(started, process.created) > _SETTLED_SECONDS

    return ready
