"""Requests to the web process over its socket, and its responses."""

import contextlib
import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from tests.conftest import image_bytes
from tests.flows.processes import Processes

SUBMISSIONS = "/api/v1/submissions"
MULTIPART = "multipart/form-data; boundary=b"
PLACES = 100
LISTEN = "0A"  # a socket's state in /proc/net/tcp


@contextlib.contextmanager
def web_process(folder: Path) -> Iterator[Processes]:
    """Start a web process without a worker: submissions stay pending."""
    web = Processes(folder)
    web.environment |= {"OPEN_SUBMISSIONS_MAX": "10000", "WAITING_MAX_PER_ACCOUNT": str(PLACES)}
    try:
        web.start_backing()
        web.start("web")
        yield web
    finally:
        web.stop()


class Reply:
    """A response as received from the socket."""

    def __init__(self, raw: bytes) -> None:
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split()[1])
        fields = (line.partition(": ") for line in lines[1:])
        self.headers = {name.lower(): value for name, _, value in fields}

    def assert_problem(self, status: int, code: str) -> None:
        assert self.headers["content-type"] == "application/problem+json", self.body
        assert (self.status, json.loads(self.body)["code"]) == (status, code)
        assert self.headers["x-content-type-options"] == "nosniff"
        assert self.headers["x-request-id"]


def read(connection: socket.socket) -> Reply:
    """Return one response whose length is known."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        data = connection.recv(65536)
        assert data, f"the connection was closed after {raw!r}"
        raw += data
    if raw.startswith(b"HTTP/1.1 100"):
        raw = raw.partition(b"\r\n\r\n")[2]
    while len(Reply(raw).body) < int(Reply(raw).headers.get("content-length", "0")):
        raw += connection.recv(65536)
    return Reply(raw)


def begin(web: Processes, head: str, body: bytes = b"") -> socket.socket:
    """Send a request, of which `head` lacks the Host and `body` may lack the end."""
    connection = socket.create_connection(("127.0.0.1", web.web_port), timeout=40)
    connection.sendall(f"{head}\r\nHost: x\r\n\r\n".encode("latin-1") + body)
    return connection


def exchange(web: Processes, head: str, body: bytes = b"") -> Reply:
    with begin(web, head, body) as connection:
        return read(connection)


def post(web: Processes, *headers: str, token: bool = True) -> str:
    signed = [f"Authorization: {web.authorization}"] if token else []
    return "\r\n".join([f"POST {SUBMISSIONS} HTTP/1.1", *signed, *headers])


def get(web: Processes, path: str, *headers: str) -> str:
    return "\r\n".join([f"GET {path} HTTP/1.1", f"Authorization: {web.authorization}", *headers])


def multipart(file_name: bytes = b"a.jpg", image: bytes | None = None) -> bytes:
    head = b'Content-Disposition: form-data; name="image"; filename="' + file_name + b'"'
    return b"--b\r\n" + head + b"\r\n\r\n" + (image or image_bytes()) + b"\r\n--b--\r\n"


def chunks(body: bytes, size: int = 50_000) -> bytes:
    pieces = [body[begin : begin + size] for begin in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def finish(web: Processes, location: str) -> None:
    """Let a submission fail, without a notice of it."""
    with psycopg.connect(web.environment["DATABASE_URL"]) as connection:
        connection.execute(
            "UPDATE submissions_submission SET state = 'failed', completed_at = now(),"
            " error_code = 'timed-out', error_detail = 'x', lease_expires_at = NULL WHERE id = %s",
            [location.rpartition("/")[2]],
        )


@contextlib.contextmanager
def stalled(web: Processes) -> Iterator[None]:
    """Freeze PostgreSQL: nothing is refused, nothing is closed."""
    server = web.postgres.pid
    pids = [
        server,
        *(int(pid) for pid in Path(f"/proc/{server}/task/{server}/children").read_text().split()),
    ]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def files_for_clients(web: Processes) -> int:
    """Count the sockets and the temporary files that the web process holds for its clients.

    Its connections to other services come and go by themselves, so they don't count.
    """
    process, port = Path(f"/proc/{web.child_of('web')}"), f":{web.web_port:04X}"
    rows = [row.split() for row in (process / "net/tcp").read_text().splitlines()[1:]]
    accepted = {f"socket:[{row[9]}]" for row in rows if row[1].endswith(port) and row[3] != LISTEN}
    links = []
    for file in (process / "fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            links.append(str(file.readlink()))
    return sum(link in accepted or link.endswith(" (deleted)") for link in links)


def until(condition: Callable[[], bool], *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)
