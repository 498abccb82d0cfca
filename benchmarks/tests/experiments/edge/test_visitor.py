"""What a visit requests, and the bytes that it counts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.experiments.edge import FROM_APPLICATION, FROM_EDGE
from benchmarks.experiments.edge.client import Connection, ResponseError, request
from benchmarks.experiments.edge.sweeps import CODINGS, FIRST_VISIT, IMAGE, RETURN_VISIT
from benchmarks.experiments.edge.visitor import Visitor
from benchmarks.experiments.edge.visitors import Visitors
from benchmarks.tests.experiments.edge.fake_site import ASSETS, PAGE, STORED, Site, serve
from benchmarks.tests.experiments.edge.fake_site import IMAGE as STORED_IMAGE


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as found:
        yield found


@pytest.fixture
def connection(site: Site) -> Iterator[Connection]:
    with Connection(site.base_url) as found:
        yield found


@pytest.fixture
def visitor(site: Site, tmp_path: Path) -> Visitor:
    """A visitor that has its image, and knows the page as it comes from the edge."""
    image = tmp_path / "image.jpg"
    image.write_bytes(b"an image")
    found = Visitor(site.base_url, image)
    found.prepare()
    found.arrive(FROM_EDGE)
    site.requests.clear()
    return found


def paths(site: Site) -> list[str]:
    return [path for path, _, _ in site.requests]


def test_a_first_visit_requests_the_page_and_every_asset(
    site: Site, visitor: Visitor, connection: Connection
) -> None:
    measured = visitor.visit(FIRST_VISIT, connection)
    assert paths(site) == ["/", *ASSETS]
    assert {coding for _, coding, _ in site.requests} == {"gzip, deflate, br, zstd"}
    assert measured.requests == 3
    assert measured.wire_bytes["asset"] > 2 * 300
    assert measured.wire_bytes["page"] > len(PAGE)


def test_a_return_visit_revalidates_the_page_alone(
    site: Site, visitor: Visitor, connection: Connection
) -> None:
    measured = visitor.visit(RETURN_VISIT, connection)
    assert paths(site) == ["/"]
    assert (measured.requests, list(measured.wire_bytes)) == (1, ["page"])
    assert measured.wire_bytes["page"] < 300


@pytest.mark.parametrize(
    ("way", "images_from", "requested"),
    [
        (FROM_EDGE, "store", ["/api/v1/submissions/7/image", STORED]),
        (FROM_APPLICATION, "application", ["/api/v1/submissions/7/image"]),
    ],
)
def test_an_image_comes_from_where_the_way_names(  # noqa: PLR0917 - fixtures
    site: Site,
    visitor: Visitor,
    connection: Connection,
    way: str,
    images_from: str,
    requested: list[str],
) -> None:
    visitor.arrive(way)
    site.requests.clear()
    measured = visitor.visit(IMAGE, connection)
    assert paths(site) == requested
    assert site.requests[0][2] == images_from
    assert measured.wire_bytes["image"] > len(STORED_IMAGE)


def test_the_bytes_are_all_that_came_on_the_connection(site: Site, connection: Connection) -> None:
    response = connection.send(request("/", {}))
    assert response.body_bytes == len(PAGE)
    assert response.wire_bytes == len(response.head) + 4 + len(PAGE)
    assert response.header("etag") == '"1"'
    site.chunked = True
    framed = connection.send(request("/", {}))
    # Two chunks, their lengths in hexadecimal, and the end
    assert framed.body_bytes == len(PAGE) + len("a\r\n\r\n") + len("4e\r\n\r\n") + len("0\r\n\r\n")
    site.chunked = False
    again = connection.send(request("/", {}))
    assert again.wire_bytes == response.wire_bytes, "the next response begins where one ended"


def test_each_coding_is_requested_alone(
    site: Site, visitor: Visitor, connection: Connection
) -> None:
    sizes = visitor.bytes_by_coding(connection)
    assert tuple(sizes) == CODINGS
    assert [coding for path, coding, _ in site.requests if path == "/"] == list(CODINGS)
    assert all(found.keys() == {"page", "asset"} for found in sizes.values())


def test_another_status_is_an_error(site: Site, visitor: Visitor, connection: Connection) -> None:
    site.broken = True
    with pytest.raises(ResponseError, match="/ has status 500, not 200"):
        visitor.visit(FIRST_VISIT, connection)


def test_a_response_that_is_cut_is_an_error(
    site: Site, visitor: Visitor, connection: Connection
) -> None:
    site.cut = True
    with pytest.raises(ResponseError, match="ended within a response"):
        visitor.visit(IMAGE, connection)


def test_several_connections_visit_until_the_block_is_left(site: Site, visitor: Visitor) -> None:
    with Visitors(visitor, FIRST_VISIT, site.base_url, 3) as visitors:
        while {visit.connection for visit in visitors.visits} != {1, 2, 3}:
            visitors.check()
        means = visitors.means()
    ended = visitors.count
    assert means["requests_per_visit"] == pytest.approx(3)
    assert means["wire_bytes_per_visit"].keys() == {"asset", "page"}
    assert all(visit.seconds > 0 for visit in visitors.visits)
    assert visitors.count == ended, "no thread goes on after the block"


def test_what_a_visit_fails_with_is_raised(site: Site, visitor: Visitor) -> None:
    site.broken = True
    with Visitors(visitor, FIRST_VISIT, site.base_url, 1) as visitors:
        pass
    with pytest.raises(ResponseError, match="status 500"):
        visitors.check()
