"""The Caddyfile, run by Caddy in front of web processes that record requests."""

import contextlib
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from email.message import Message

import pytest

from tests.edge.upstream import CADDY, EDGE, Edge, WebProcess, assert_problem, running

PATHS = [
    "/api/v1/accounts",
    "/api/v1/tokens",
    "/api/v1/account",
    "/api/v1/schema",
    "/api/v1/submissions?limit=3",
    "/api/v1/submissions/7/result",
    "/.well-known/jwks.json",
    "/livez",
    "/readyz",
]


def test_the_file_is_formatted() -> None:
    done = subprocess.run([CADDY, "fmt", "Caddyfile"], cwd=EDGE, capture_output=True, check=False)
    assert done.stdout == (EDGE / "Caddyfile").read_bytes()


@pytest.fixture(scope="session")
def _web() -> Iterator[WebProcess]:
    with running("monolith") as web:
        yield web


@pytest.fixture(scope="session")
def edge(tmp_path_factory: pytest.TempPathFactory, _web: WebProcess) -> Iterator[Edge]:
    edge = Edge(tmp_path_factory.mktemp("edge"), WEB_UPSTREAMS=f"127.0.0.1:{_web.port}")
    yield edge
    edge.stop()


@pytest.fixture
def web(_web: WebProcess) -> WebProcess:
    _web.received.clear()
    return _web


@pytest.mark.parametrize("path", PATHS)
def test_paths_of_the_monolith(edge: Edge, web: WebProcess, path: str) -> None:
    assert edge.send(path).body == b"monolith"
    assert web.received[0].path == path


@pytest.mark.parametrize(
    "path",
    [
        "/internal/submission-count",
        "//internal/submission-count",
        "/%69nternal/submission-count",
        "/INTERNAL/submission-count",
        "/api/v1/submissions/../../../internal/submission-count",
        "/x/../internal/submission-count",
        "/nothing",
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/assets/",
    ],
)
def test_paths_that_lead_nowhere(edge: Edge, web: WebProcess, path: str) -> None:
    assert_problem(edge.send(path), 404, "not-found")
    assert not web.received


def test_an_escaped_way_out_reaches_no_internal_path(edge: Edge, web: WebProcess) -> None:
    edge.send("/api/v1/submissions/..%2f..%2f..%2finternal/submission-count")
    assert all(received.path.startswith("/api/v1/submissions/") for received in web.received)


def test_the_page(edge: Edge) -> None:
    response = edge.send("/")
    assert response.status == 200
    assert b"faces" in response.body
    assert response.headers["Content-Type"].startswith("text/html")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-cache"
    assert "Server" not in response.headers


def _policy(headers: Message) -> dict[str, str]:
    (policy,) = headers.get_all("Content-Security-Policy") or [""]
    directives = (directive.strip().partition(" ") for directive in policy.split(";"))
    return {name: values for name, _, values in directives}


def test_the_page_may_load_and_do_what_it_needs_and_nothing_else(edge: Edge) -> None:
    policy = _policy(edge.send("/").headers)
    assert policy["default-src"] == policy["form-action"] == policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert {policy[it] for it in ("script-src", "style-src", "connect-src")} == {"'self'"}
    assert policy["img-src"] == "'self' blob:"
    assert "unsafe" not in str(policy)


@pytest.mark.parametrize(
    "path", ["/api/v1/account", "/api/v1/submissions/7/image", "/api/x", "/readyz"]
)
def test_what_is_no_page_may_load_nothing(edge: Edge, web: WebProcess, path: str) -> None:
    policy = _policy(edge.send(path).headers)
    assert policy == {"default-src": "'none'", "frame-ancestors": "'none'", "sandbox": ""}


@pytest.mark.parametrize("path", ["/", "/nothing", "/api/v1/account", "/api/v1/schema"])
def test_other_sites_get_no_hold_of_anything(edge: Edge, web: WebProcess, path: str) -> None:
    headers = edge.send(path).headers
    assert headers.get_all("Cross-Origin-Opener-Policy") == ["same-origin"]
    assert headers.get_all("Cross-Origin-Resource-Policy") == ["same-origin"]
    assert headers.get_all("Referrer-Policy") == ["no-referrer"]


@pytest.mark.parametrize("path", ["/", "/api/v1/account"])
def test_only_over_tls_the_browser_is_kept_to_tls(edge: Edge, web: WebProcess, path: str) -> None:
    assert edge.send(path).headers["Strict-Transport-Security"] is None
    secure = edge.send(path, x_forwarded_proto="https").headers
    assert secure["Strict-Transport-Security"] == "max-age=31536000"


def test_the_page_is_revalidated_cheaply(edge: Edge) -> None:
    tag = edge.send("/").headers["ETag"]
    assert edge.send("/", if_none_match=tag).status == 304
    compressed = edge.send("/", accept_encoding="gzip")
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert len(compressed.body) < len(edge.send("/").body) / 4


def test_the_page_cannot_be_written(edge: Edge) -> None:
    response = edge.send("/index.html", method="POST", body=b"x")
    assert_problem(response, 405, "method-not-allowed")
    assert response.headers["Allow"] == "GET, HEAD"


def test_forwarded_headers_of_clients_are_replaced(edge: Edge, web: WebProcess) -> None:
    edge.send(
        "/api/v1/tokens",
        x_forwarded_for="192.0.2.66",
        x_forwarded_host="evil.example",
        forwarded="for=192.0.2.66",
        x_request_id="mine",
    )
    headers = web.received[0].headers
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-host"] != "evil.example"
    assert "forwarded" not in headers
    assert headers["x-request-id"] != "mine"


def test_one_request_id_from_end_to_end(edge: Edge, web: WebProcess) -> None:
    responses = [edge.send("/api/v1/account") for _ in range(2)]
    ids = [response.headers.get_all("X-Request-Id") for response in responses]
    assert ids == [[received.headers["x-request-id"]] for received in web.received]
    assert ids[0] != ids[1]


def test_tokens_and_bodies_pass(edge: Edge, web: WebProcess) -> None:
    body = bytes(range(256)) * 39_000  # 9 984 000: what an image may have
    response = edge.send("/api/v1/submissions", method="POST", body=body, authorization="Bearer x")
    assert response.status == 200
    assert web.received[0].body == body
    assert web.received[0].headers["authorization"] == "Bearer x"


@pytest.mark.parametrize("chunked", [False, True])
def test_bodies_that_are_too_large(edge: Edge, web: WebProcess, chunked: bool) -> None:
    response = edge.send(
        "/api/v1/submissions", method="POST", body=bytes(10_600_000), chunked=chunked
    )
    assert_problem(response, 413, "image-too-large")
    assert not web.received


@pytest.mark.slow
def test_slow_headers_are_cut(edge: Edge) -> None:
    head = b"POST /api/v1/submissions HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", edge.port), timeout=20) as header:
        header.sendall(head)
        assert edge.send("/livez").status == 200
        while data := header.recv(4096):
            assert b" 408 " in data or b" 400 " in data
        assert 4 < time.monotonic() - begun < 15


def test_a_body_is_passed_on_unread(edge: Edge, web: WebProcess) -> None:
    """The process responds to it before its end."""
    head = b"POST /api/v1/submissions HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n"
    web.refuses = True
    try:
        with socket.create_connection(("127.0.0.1", edge.port), timeout=20) as client:
            client.sendall(head + bytes(1000))
            assert client.recv(4096).startswith(b"HTTP/1.1 401 ")
    finally:
        web.refuses = False


def test_what_follows_an_unread_body_is_no_further_request(edge: Edge, web: WebProcess) -> None:
    """The connection ends with the refusal, and the rest of the body isn't parsed as a request."""
    head = b"POST /api/v1/submissions HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n"
    web.refuses = True
    try:
        with socket.create_connection(("127.0.0.1", edge.port), timeout=20) as client:
            client.sendall(head + bytes(1000))
            raw = client.recv(65536)
            with contextlib.suppress(ConnectionError):
                while data := client.recv(65536):
                    raw += data
    finally:
        web.refuses = False
    assert raw.count(b"HTTP/1.1 ") == 1
    assert b"\r\nConnection: close\r\n" in raw
    assert b"unread" not in raw.lower()  # a header between the edge and the process


def test_bodies_that_are_held_back_take_no_memory(edge: Edge, web: WebProcess) -> None:
    head = b"POST /api/v1/submissions HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n"
    before = edge.memory_bytes()
    web.forgets = True
    try:
        with contextlib.ExitStack() as stack:
            for _ in range(30):
                address = ("127.0.0.1", edge.port)
                client = stack.enter_context(socket.create_connection(address, timeout=20))
                client.sendall(head + bytes(9_999_990))
            assert edge.memory_bytes() - before < 100_000_000  # of 300 million that were sent
            assert edge.send("/livez").status == 200
    finally:
        web.forgets = False


def test_headers_that_are_too_large(edge: Edge, web: WebProcess) -> None:
    # Up to its own limit the edge passes them to the process, which refuses them with a problem.
    assert edge.send("/api/v1/submissions", x_padding="x" * 60_000).status == 200
    web.received.clear()
    assert edge.send("/api/v1/submissions", x_padding="x" * 300_000).status == 431
    assert not [it for it in web.received if "x-padding" in it.headers]


@pytest.mark.parametrize("status", [400, 414, 431])
def test_what_the_server_refuses_bare_becomes_a_problem(
    edge: Edge, web: WebProcess, status: int
) -> None:
    web.bare_status = status
    try:
        response = edge.send("/api/v1/submissions")
    finally:
        web.bare_status = 0
    code = {400: "malformed"}.get(status, "headers-too-large")
    assert_problem(response, 400 if status == 400 else 431, code)


def test_the_admin_interface_is_for_this_machine(edge: Edge) -> None:
    config = (EDGE / "Caddyfile").read_text()
    assert "admin 127.0.0.1:" in config
    with socket.create_connection(("127.0.0.1", edge.admin_port), timeout=5):
        pass


def test_the_readme_names_every_variable() -> None:
    used = set(re.findall(r"\{\$([A-Z_]+)", (EDGE / "Caddyfile").read_text()))
    table = re.findall(r"^\| `([A-Z_]+)` \|", (EDGE / "README.md").read_text(), re.MULTILINE)
    assert sorted(table) == sorted(used)
