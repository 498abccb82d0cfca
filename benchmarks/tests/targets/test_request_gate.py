"""The gate that counts requests: real connections to a real server, and heads cut anywhere."""

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from benchmarks.targets.measure.request_gate import (
    RequestGate,
    RequestReader,
    dynamodb_operation,
    s3_operation,
)

PUT = b"PUT /bucket/key HTTP/1.1\r\nHost: s3\r\nContent-Length: 5\r\n\r\nGET /"
GET = b"GET /bucket/key HTTP/1.1\r\nHost: s3\r\n\r\n"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"body")

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(204)
        self.end_headers()

    def do_DELETE(self) -> None:
        self.do_PUT()

    def do_POST(self) -> None:
        self.do_PUT()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def gate() -> Iterator[RequestGate]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    made = RequestGate(s3_operation)
    made.forward_to(server.server_address[1])
    yield made
    made.close()
    server.shutdown()
    server.server_close()


@pytest.fixture
def client(gate: RequestGate) -> Iterator[httpx.Client]:
    url = f"http://{gate.host}:{gate.port}"
    with httpx.Client(base_url=url, timeout=10, trust_env=False) as made:
        yield made


def test_requests_on_one_connection_are_counted_by_operation(
    gate: RequestGate, client: httpx.Client
) -> None:
    assert client.get("/bucket/key").content == b"body"
    for _ in range(3):
        assert client.put("/bucket/key", content=b"x" * 200_000).status_code == 204
    client.delete("/bucket/a/longer/key")
    client.get("/bucket?list-type=2")
    client.get("/")
    assert gate.counts() == {
        "GET object": 1,
        "PUT object": 3,
        "DELETE object": 1,
        "GET bucket": 1,
        "GET service": 1,
    }


def test_requests_on_several_connections_are_added_up(gate: RequestGate) -> None:
    url = f"http://{gate.host}:{gate.port}/bucket/key"
    for _ in range(4):
        httpx.get(url, trust_env=False, timeout=10)
    assert gate.counts() == {"GET object": 4}


def test_a_chunked_request_passes_and_the_count_is_refused(
    gate: RequestGate, client: httpx.Client
) -> None:
    client.get("/bucket/key")
    # The handler reads no chunked body; the response comes all the same.
    client.post("/bucket/key", content=iter([b"part"]))
    with pytest.raises(ValueError, match="a chunked request can't be counted"):
        gate.counts()


def test_the_first_reason_is_kept(gate: RequestGate) -> None:
    """The body that follows a chunked head looks like a head of its own, which has no path."""
    with socket.create_connection((gate.host, gate.port), timeout=10) as connection:
        connection.sendall(b"PUT /b/k HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        assert b"204" in connection.recv(4096)
        connection.sendall(b"4\r\npart\r\n0\r\n\r\n")
        assert b"400" in connection.recv(4096)  # the server doesn't take it for a body either
    with pytest.raises(ValueError, match="a chunked request can't be counted"):
        gate.counts()


def test_no_upstream_is_a_closed_connection() -> None:
    gate = RequestGate(s3_operation)
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://{gate.host}:{gate.port}/", trust_env=False, timeout=10)
    gate.close()
    gate.close()  # once is enough, twice does no harm


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_heads_are_found_wherever_the_bytes_are_cut(size: int) -> None:
    """A body that looks like a request isn't one."""
    found: Counter[str] = Counter()
    reader = RequestReader(lambda head: found.update([s3_operation(head)]))
    sent = PUT + GET + PUT + PUT + GET
    for start in range(0, len(sent), size):
        reader.feed(sent[start : start + size])
    assert found == {"PUT object": 3, "GET object": 2}


@pytest.mark.parametrize(
    ("head", "operation"),
    [
        (b"POST / HTTP/1.1\r\nX-Amz-Target: DynamoDB_20120810.GetItem", "GetItem"),
        (
            b"POST / HTTP/1.1\r\nx-amz-target:DynamoDB_20120810.TransactWriteItems",
            "TransactWriteItems",
        ),
        (b"POST / HTTP/1.1\r\nHost: x", "unknown"),
    ],
)
def test_the_operations_of_dynamodb(head: bytes, operation: str) -> None:
    assert dynamodb_operation(head) == operation
