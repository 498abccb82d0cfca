"""The proxy: what each fault does to a real client of a real server, and that it is undone."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from benchmarks.targets.injection import (
    DYNAMODB_THROTTLED,
    S3_INTERNAL_ERROR,
    FaultProxy,
    HttpFault,
    Latency,
    Reset,
    Stall,
    Truncate,
)

BODY = b"x" * 100_000


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def proxy() -> Iterator[FaultProxy]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    serving = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    serving.start()
    made = FaultProxy()
    made.forward_to(server.server_address[1])
    yield made
    made.close()
    server.shutdown()
    server.server_close()


@pytest.fixture
def client(proxy: FaultProxy) -> Iterator[httpx.Client]:
    url = f"http://{proxy.host}:{proxy.port}"
    with httpx.Client(base_url=url, timeout=5, trust_env=False) as made:
        yield made


def works(client: httpx.Client) -> bool:
    return client.get("/").content == BODY


def test_bytes_pass_without_a_fault(client: httpx.Client) -> None:
    assert works(client)
    assert client.put("/", content=BODY).status_code == 204


def test_latency(proxy: FaultProxy, client: httpx.Client) -> None:
    with proxy.injecting(Latency(0.3)):
        started = time.monotonic()
        assert works(client)
        assert time.monotonic() - started >= 0.3
    assert works(client)


def test_a_stall_holds_what_is_under_way_and_lets_it_go_on(
    proxy: FaultProxy, client: httpx.Client
) -> None:
    assert works(client)
    with proxy.injecting(Stall()), pytest.raises(httpx.ReadTimeout):
        client.get("/", timeout=0.5)
    with ThreadedGet(client) as request:
        with proxy.injecting(Stall()):
            request.start()
            time.sleep(0.5)
            assert request.is_alive()
            # It accepts connections all the while, as a stopped server's kernel does.
            socket.create_connection((proxy.host, proxy.port), timeout=2).close()
        request.join(5)
        assert request.content == BODY


class ThreadedGet(threading.Thread):
    """One GET in a thread."""

    def __init__(self, client: httpx.Client) -> None:
        super().__init__(daemon=True)
        self._client = client
        self.content = b""

    def run(self) -> None:
        self.content = self._client.get("/").content

    def __enter__(self) -> "ThreadedGet":
        return self

    def __exit__(self, *_exception: object) -> None:
        if self.is_alive():
            self.join(5)


def test_a_reset_cuts_what_there_is_and_what_comes(proxy: FaultProxy, client: httpx.Client) -> None:
    assert works(client)
    with socket.create_connection((proxy.host, proxy.port), timeout=2) as idle:
        time.sleep(0.2)
        with proxy.injecting(Reset()):
            with pytest.raises(ConnectionResetError):
                idle.recv(1)
            with pytest.raises(httpx.TransportError):
                client.get("/")
    assert works(client)


def test_truncation_cuts_each_response(proxy: FaultProxy, client: httpx.Client) -> None:
    with proxy.injecting(Truncate(after_bytes=1000)):
        with pytest.raises(httpx.RemoteProtocolError):
            client.get("/")
        assert client.put("/", content=BODY).status_code == 204
    assert proxy.counts["spoiled"] == 1
    assert works(client)


def test_a_share_of_the_requests_gets_an_error(proxy: FaultProxy, client: httpx.Client) -> None:
    with proxy.injecting(HttpFault(0.5, S3_INTERNAL_ERROR)):
        statuses = [client.put("/", content=BODY).status_code for _ in range(40)]
    assert set(statuses) == {204, 500}
    assert statuses.count(500) == proxy.counts["spoiled"]
    with proxy.injecting(HttpFault(1, DYNAMODB_THROTTLED)):
        response = client.get("/")
    assert response.status_code == 400
    assert "ProvisionedThroughputExceeded" in response.json()["__type"]
    assert works(client)


def test_a_delayed_request_goes_through(proxy: FaultProxy, client: httpx.Client) -> None:
    with proxy.injecting(HttpFault(1, delay_seconds=0.3)):
        started = time.monotonic()
        assert works(client)
        assert time.monotonic() - started >= 0.3


def test_the_fault_ends_however_the_block_does(proxy: FaultProxy, client: httpx.Client) -> None:
    with pytest.raises(KeyboardInterrupt), proxy.injecting(Stall()):
        raise KeyboardInterrupt
    assert works(client)
