"""An edge that ends announces it, so that no client sends as its connection is closed."""

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.edge.upstream import Edge, running

DELAY_SECONDS = 2
# A file, a response of the API, a problem of the edge
PATHS = ["/", "/api/v1/submissions", "/internal/nothing"]


@contextmanager
def _edge(folder: Path, **more: str) -> Iterator[Edge]:
    with running("monolith") as web:
        edge = Edge(folder, WEB_UPSTREAMS=f"127.0.0.1:{web.port}", **more)
        try:
            yield edge
        finally:
            edge.stop()


def _use_until_closed(edge: Edge, path: str) -> str:
    """Send requests on one connection until a response announces its end; return what ended it."""
    connection = http.client.HTTPConnection("127.0.0.1", edge.port, timeout=10)
    try:
        while True:
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
            if response.will_close:
                return "announced"
    except (OSError, http.client.HTTPException) as error:
        return repr(error)
    finally:
        connection.close()


def test_each_connection_is_closed_after_a_response_that_announces_it(tmp_path: Path) -> None:
    ends: list[str] = []
    with _edge(tmp_path, SHUTDOWN_DELAY=f"{DELAY_SECONDS}s") as edge:

        def use(path: str) -> None:
            ends.append(_use_until_closed(edge, path))

        clients = [threading.Thread(target=use, args=(path,)) for path in PATHS]
        for client in clients:
            client.start()
        time.sleep(0.2)
        assert not ends, "no connection ends before the edge does"
        edge.process.terminate()
        for client in clients:
            client.join(10)
        assert ends == ["announced"] * len(PATHS)
        assert edge.send("/").status == 200, "a new connection is served meanwhile"
        assert edge.process.wait(10) == 0


def test_without_a_delay_it_ends_at_once(tmp_path: Path) -> None:
    with _edge(tmp_path) as edge:
        began = time.monotonic()
        edge.process.terminate()
        assert edge.process.wait(10) == 0
        assert time.monotonic() - began < DELAY_SECONDS
