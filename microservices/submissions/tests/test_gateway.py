"""The web process over its socket: bodies, long polls, stalls, and refused requests."""

import contextlib
import json
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import redis

from tests.accounts import Accounts
from tests.conftest import image_bytes
from tests.test_processes import Processes

pytestmark = [pytest.mark.timeout(120), pytest.mark.slow]

SUBMISSIONS = "/api/v1/submissions"
MULTIPART = "multipart/form-data; boundary=b"
PLACES = 100


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory, accounts: Accounts) -> Iterator[Processes]:
    """A web process without a worker: submissions stay pending."""
    web = Processes(tmp_path_factory.mktemp("gateway"))
    web.environment |= {"OPEN_SUBMISSIONS_MAX": "10000", "WAITING_MAX_PER_ACCOUNT": str(PLACES)}
    try:
        web.start_parts()
        web.start("web")
        web.authorization = f"Bearer {accounts.token(uuid4())}"
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


# Bodies


@pytest.mark.parametrize(
    "authorization",
    ["", "Authorization: Bearer x\r\n", "Authorization: x\r\n", "Authorization: Bearer \xff\r\n"],
)
def test_without_a_token_a_body_is_refused_unread(web: Processes, authorization: str) -> None:
    head = post(
        web, f"{authorization}Content-Type: {MULTIPART}", "Content-Length: 9000000", token=False
    )
    begun = time.monotonic()
    with begin(web, head, bytes(100_000)) as connection:
        read(connection).assert_problem(401, "unauthenticated")
        assert time.monotonic() - begun < 2


def test_a_body_that_stops_is_a_timeout(web: Processes) -> None:
    before = open_files(web)
    begun = time.monotonic()
    with begin(
        web, post(web, f"Content-Type: {MULTIPART}", "Content-Length: 9000000"), bytes(2_000_000)
    ) as one:
        read(one).assert_problem(408, "request-timeout")
        assert 8 < time.monotonic() - begun < 25
        assert one.recv(1) == b""  # once the rest has been read
    until(lambda: open_files(web) <= before)


def test_nothing_is_left_of_a_client_that_goes_away(web: Processes) -> None:
    before = open_files(web)
    head = post(web, f"Content-Type: {MULTIPART}", "Content-Length: 9000000")
    gone = [begin(web, head, bytes(2_000_000)) for _ in range(10)]
    until(lambda: open_files(web) >= before + 20)  # a socket and a temporary file each
    for connection in gone:
        connection.close()
    until(lambda: open_files(web) <= before)
    assert exchange(web, get(web, SUBMISSIONS)).status == 200


def test_chunked_bodies_are_read(web: Processes) -> None:
    head = post(web, f"Content-Type: {MULTIPART}", "Transfer-Encoding: chunked")
    image = image_bytes() + bytes(300_000)  # after its end marker a JPEG may contain anything
    assert exchange(web, head, chunks(multipart(image=image))).status == 202
    as_json = post(web, "Content-Type: application/json", "Transfer-Encoding: chunked")
    assert (
        exchange(web, as_json, chunks(b'{"image_url": "https://example.org/a"}', 7)).status == 202
    )
    with begin(web, as_json, b"zz\r\n") as connection:
        read(connection).assert_problem(400, "malformed")


@pytest.mark.parametrize("framing", ["Transfer-Encoding: chunked", "Content-Length: 10400000"])
def test_a_body_that_is_too_large(web: Processes, framing: str) -> None:
    body = bytes(10_400_000)
    for _ in range(3):
        with begin(web, post(web, f"Content-Type: {MULTIPART}", framing)) as connection:
            with contextlib.suppress(ConnectionError):
                connection.sendall(chunks(body) if "chunked" in framing else body)
            read(connection).assert_problem(413, "image-too-large")


def test_json_that_is_too_large(web: Processes) -> None:
    head = post(web, "Content-Type: application/json", "Content-Length: 200000")
    exchange(web, head, bytes(200_000)).assert_problem(400, "malformed")


def test_a_client_that_waits_to_be_let_go_on(web: Processes) -> None:
    body = multipart()
    head = post(
        web, f"Content-Type: {MULTIPART}", f"Content-Length: {len(body)}", "Expect: 100-continue"
    )
    with begin(web, head) as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 100")
        connection.sendall(body)
        assert read(connection).status == 202


def test_a_body_where_none_is_read(web: Processes) -> None:
    with begin(web, get(web, SUBMISSIONS, "Content-Length: 5"), b"12345") as connection:
        assert read(connection).status == 200
        connection.sendall(f"{get(web, '/livez')}\r\nHost: x\r\n\r\n".encode())
        assert read(connection).status == 200  # on the same connection
    large = get(web, SUBMISSIONS, "Content-Length: 1000000")
    assert exchange(web, large, bytes(1_000_000)).headers["connection"] == "close"


@pytest.mark.parametrize(
    "name",
    [
        b"caf\xe9.jpg",
        b".",
        b"photos/",
        b"&#8206;",
        b"",
        "\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe".encode(),
        "😀".encode(),
        b"a\0b",
        b"x" * 4096,
        b"../../etc/passwd",
        b'a\\"b',
        b"C:\\dir\\",
    ],
    ids=ascii,
)
def test_the_name_of_a_file_does_not_matter(web: Processes, name: bytes) -> None:
    body = multipart(name)
    head = post(web, f"Content-Type: {MULTIPART}", f"Content-Length: {len(body)}")
    assert exchange(web, head, body).status == 202


# Headers and methods


@pytest.mark.parametrize(
    "media_type",
    [
        "application/json; charset*=BOGUS''x",
        "text/plain; charset=hex",
        "multipart/form-data; charset=idna",
        "application/json; charset=\xff",
        "; charset=undefined",
        "application/json; charset*0*=x''%",
        "a/b; =;;",
    ],
    ids=ascii,
)
def test_an_odd_content_type(web: Processes, media_type: str) -> None:
    header = f"Content-Type: {media_type}"
    for path in ("/livez", f"{SUBMISSIONS}?limit=1", "/api/v1/schema"):
        assert exchange(web, get(web, path, header)).status == 200
    reply = exchange(web, post(web, header, "Content-Length: 2"), b"{}")
    assert reply.status in {400, 415}
    reply.assert_problem(reply.status, json.loads(reply.body)["code"])


def test_a_charset_that_is_ignored(web: Processes) -> None:
    body = b'{"image_url": "https://example.org/a"}'
    head = post(
        web, "Content-Type: application/json; charset=UTF-8", f"Content-Length: {len(body)}"
    )
    assert exchange(web, head, body).status == 202
    upload = multipart()
    head = post(
        web,
        "Content-Type: multipart/form-data; charset=idna; boundary=b",
        f"Content-Length: {len(upload)}",
    )
    assert exchange(web, head, upload).status == 202


def test_headers_that_are_too_large(web: Processes) -> None:
    exchange(web, get(web, SUBMISSIONS, f"X-Padding: {'x' * 17_000}")).assert_problem(
        431, "headers-too-large"
    )
    assert exchange(web, get(web, SUBMISSIONS, f"X-Padding: {'x' * 15_000}")).status == 200


@pytest.mark.parametrize(
    "path", ["/%zz", "/%00", "/%ff%fe", "//", "/api/v1/submissions/%00?q=%ff&x=%00", "*"]
)
def test_an_odd_path(web: Processes, path: str) -> None:
    exchange(web, get(web, path)).assert_problem(404, "not-found")


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PUT", "FOO"])
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (SUBMISSIONS, "GET, HEAD, POST"),
        ("/api/v1/schema", "GET, HEAD"),
        ("/livez", "GET, HEAD"),
    ],
)
def test_a_method_that_a_path_does_not_have(
    web: Processes, method: str, path: str, allowed: str
) -> None:
    reply = exchange(web, f"{method} {path} HTTP/1.1\r\nAuthorization: {web.authorization}")
    reply.assert_problem(405, "method-not-allowed")
    assert reply.headers["allow"] == allowed


def test_an_identity_can_not_be_sent(web: Processes) -> None:
    for name in ("flow.identity", "Flow-Identity", "HTTP_AUTHORIZATION"):
        head = f"GET {SUBMISSIONS} HTTP/1.1\r\n{name}: {web.authorization}"
        exchange(web, head).assert_problem(401, "unauthenticated")


# Waiting


def test_many_wait_to_the_limit_without_a_thread_or_a_connection(web: Processes) -> None:
    location = web.submit()
    with contextlib.ExitStack() as stack:
        begun = time.monotonic()
        waiting = fill(web, f"{location}?wait=15", stack)
        assert len(waiting) == PLACES
        assert exchange(web, get(web, SUBMISSIONS)).status == 200
        connections = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'postgres'"
        assert web.rows(connections)[0][0] <= 9  # the pool, and this query's own
        for connection in waiting:
            reply = read(connection)
            assert (reply.status, json.loads(reply.body)["state"]) == (200, "pending")
            assert "retry-after" not in reply.headers
            assert time.monotonic() - begun >= 15


def fill(web: Processes, path: str, stack: contextlib.ExitStack) -> list[socket.socket]:
    """Let clients wait until one gets its response at once; return those that wait."""
    waiting: list[socket.socket] = []
    for _ in range(PLACES * 2):
        waiting.append(stack.enter_context(begin(web, get(web, path))))
        seconds = 0.0 if len(waiting) <= PLACES else 5.0
        for refused in select.select(waiting, [], [], seconds)[0]:
            reply = read(refused)
            assert (reply.status, reply.headers["retry-after"]) == (200, "1")
            waiting.remove(refused)
            return waiting
    raise AssertionError(len(waiting))


def notify(web: Processes, notice: bytes) -> None:
    with redis.Redis.from_url(web.environment["CACHE_URL"]) as client:
        assert client.publish("submission.final", notice) == 1


def test_a_waiting_client_is_woken_by_a_notice(web: Processes) -> None:
    location = web.submit()
    exchange(web, get(web, f"{location}?wait=1"))  # the subscriber has started
    with begin(web, get(web, f"{location}?wait=20")) as connection:
        time.sleep(1)
        begun = time.monotonic()
        for notice in (b"\xff\xfe", b"", os.urandom(500), location.rpartition("/")[2].encode()):
            notify(web, notice)
        # The row isn't final: only the notice can have caused the response.
        assert json.loads(read(connection).body)["state"] == "pending"
        assert time.monotonic() - begun < 10


@pytest.mark.parametrize("deleted", [False, True])
def test_a_waiting_client_is_woken_without_a_notice(web: Processes, deleted: bool) -> None:
    location = web.submit()
    with begin(web, get(web, f"{location}?wait=20")) as connection:
        time.sleep(1)
        begun = time.monotonic()
        if deleted:
            assert web.call("DELETE", location)[0] == 204
            read(connection).assert_problem(404, "not-found")
        else:
            finish(web, location)
            assert json.loads(read(connection).body)["state"] == "failed"
        assert time.monotonic() - begun < 10


def test_a_waiting_client_that_goes_away_leaves_its_place(web: Processes) -> None:
    location = web.submit()
    for _ in range(2):
        with contextlib.ExitStack() as stack:
            assert len(fill(web, f"{location}?wait=20", stack)) == PLACES
        head = get(web, f"{location}?wait=1")
        until(lambda: "retry-after" not in exchange(web, head).headers)  # noqa: B023 - at once


def test_what_is_refused_is_not_held_back(web: Processes) -> None:
    location = web.submit()
    begun = time.monotonic()
    exchange(web, get(web, f"{location}?wait=21")).assert_problem(422, "invalid")
    exchange(web, get(web, f"{location}?wait=20", "Accept: image/png")).assert_problem(
        406, "not-acceptable"
    )
    exchange(web, f"GET {location}?wait=20 HTTP/1.1").assert_problem(401, "unauthenticated")
    exchange(web, get(web, f"{SUBMISSIONS}/{uuid4()}?wait=20")).assert_problem(404, "not-found")
    assert time.monotonic() - begun < 15


# Stalls, and the end


def test_a_response_comes_while_the_database_stalls(web: Processes) -> None:
    location = web.submit()
    with stalled(web), ThreadPoolExecutor(40) as clients:
        begun = time.monotonic()
        stuck = [clients.submit(exchange, web, get(web, location)) for _ in range(40)]
        time.sleep(1)
        assert exchange(web, "GET /livez HTTP/1.1").status == 200
        assert exchange(web, "GET /api/v1/schema HTTP/1.1").status == 200
        assert exchange(web, "GET /readyz HTTP/1.1").status == 503
        for future in stuck:
            reply = future.result()
            reply.assert_problem(503, "unavailable")
            assert reply.headers["retry-after"] == "1"
        assert time.monotonic() - begun < 40
    until(lambda: exchange(web, get(web, location)).status == 200)


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


def test_waiting_clients_get_what_there_is_when_the_process_ends(web: Processes) -> None:
    location = web.submit()
    with begin(web, get(web, f"{location}?wait=20")) as connection:
        time.sleep(0.5)
        begun = time.monotonic()
        ending = threading.Thread(target=web.end, args=("web",))
        ending.start()
        reply = read(connection)
        assert (json.loads(reply.body)["state"], reply.headers["retry-after"]) == ("pending", "1")
        ending.join()
        assert time.monotonic() - begun < 15


def open_files(web: Processes) -> int:
    return len(list(Path(f"/proc/{web.child_of('web')}/fd").iterdir()))


def until(condition: Callable[[], bool], *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)
