"""How each kind of process shows that it is ready. Probed from outside, never slept."""

import socket
import time
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx
import psutil
import redis

from backing import Process

_SETTLED_SECONDS = 0.5


def answers(url: str) -> Callable[[Process], bool]:
    """The address answers 200."""

    def ready(_process: Process) -> bool:
        try:
            status = httpx.get(url, timeout=2, trust_env=False).status_code
        except httpx.HTTPError as error:
            raise OSError(f"{url}: {error}") from error
        if status != HTTPStatus.OK:
            raise OSError(f"{url}: status {status}")
        return True

    return ready


def listens(port: int) -> Callable[[Process], bool]:
    """The port of 127.0.0.1 takes a connection."""

    def ready(_process: Process) -> bool:
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return True  # or OSError, which means "not yet"

    return ready


def consumes(broker_url: str, *, is_gated: bool = False) -> Callable[[Process], bool]:
    """The process itself waits for messages: one of its connections blocks in BRPOP.

    This asks the broker, so it holds whatever the worker's own log or remote control say. Behind a
    gate the broker doesn't know whose connection it is: then one that blocks, and a connection of
    the process to the gate, will do.
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
            gated = any(it.raddr and it.raddr.port == gate for it in connections)
        except (redis.RedisError, psutil.Error):
            return False
        return bool(waiting) and gated if is_gated else bool(waiting & own)

    return ready


def survives() -> Callable[[Process], bool]:
    """For a loop without a door: it did not end at once, as a wrong setting would make it."""
    started = time.time()

    def ready(process: Process) -> bool:
        return time.time() - max(started, process.created) > _SETTLED_SECONDS

    return ready
