"""What the edge has on a platform such as Kubernetes: a name for each kind of process, a proxy."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.edge.upstream import Edge, running

PATH = "/api/v1/submissions"
# Nothing can be created there, whichever user tries to.
NOWHERE = "/proc/nowhere"


@contextmanager
def _edge(folder: Path, port: int, **more: str) -> Iterator[Edge]:
    edge = Edge(folder, WEB_UPSTREAMS=f"localhost {port}", UPSTREAMS_FROM="a", **more)
    try:
        yield edge
    finally:
        edge.stop()


def test_a_process_is_found_by_the_addresses_of_a_name(tmp_path: Path) -> None:
    with running("one") as one, _edge(tmp_path, one.port) as edge:
        responses = [edge.send(PATH, method="POST", body=b"x") for _ in range(10)]
        assert {response.body for response in responses} == {b"one"}
        assert len(one.received) == 10


def test_a_client_is_known_behind_a_trusted_proxy_and_no_other(tmp_path: Path) -> None:
    """What the client itself has put into the header is ignored."""
    with running("one") as one, _edge(tmp_path, one.port, TRUSTED_PROXIES="127.0.0.0/8") as edge:
        edge.send(PATH, x_forwarded_for="192.0.2.66, 203.0.113.9")
    (tmp_path / "other").mkdir()
    with running("two") as two, _edge(tmp_path / "other", two.port) as edge:
        edge.send(PATH, x_forwarded_for="192.0.2.66, 203.0.113.9")
    assert one.received[0].headers["x-forwarded-for"] == "203.0.113.9"
    assert two.received[0].headers["x-forwarded-for"] == "127.0.0.1"


def test_it_serves_where_nothing_can_be_written(tmp_path: Path) -> None:
    homes = {"XDG_DATA_HOME": NOWHERE, "XDG_CONFIG_HOME": NOWHERE, "HOME": NOWHERE}
    with running("one") as one, _edge(tmp_path, one.port, **homes) as edge:
        assert edge.send("/").status == 200
        assert edge.send(PATH).body == b"one"
