"""Files of releases, and images by signed URLs."""

import gzip
from collections.abc import Iterator

import pytest

from tests.edge.upstream import Edge, WebProcess, assert_problem, running

HASHED = "/assets/api.0123456789.js"
SCRIPT = b"export const a = 1;\n" * 100
SIGNED = "/stored/images/images/7?X-Amz-Expires=300&X-Amz-Signature=ab12"


@pytest.fixture(scope="module")
def _web() -> Iterator[WebProcess]:
    with running("monolith") as web:
        yield web


@pytest.fixture(scope="module")
def _store() -> Iterator[WebProcess]:
    with running("store") as store:
        yield store


@pytest.fixture(scope="module")
def edge(
    tmp_path_factory: pytest.TempPathFactory, _web: WebProcess, _store: WebProcess
) -> Iterator[Edge]:
    edge = Edge(
        tmp_path_factory.mktemp("edge"),
        WEB_UPSTREAMS=f"127.0.0.1:{_web.port}",
        OBJECT_STORE_URL=f"http://127.0.0.1:{_store.port}",
    )
    yield edge
    edge.stop()


@pytest.fixture
def store(_store: WebProcess) -> WebProcess:
    _store.received.clear()
    return _store


@pytest.fixture
def released(edge: Edge) -> Iterator[Edge]:
    """The edge with an asset of a release, and its copies for Brotli and gzip."""
    path = edge.published / HASHED.lstrip("/")
    copies = {
        path: SCRIPT,
        path.with_name(f"{path.name}.br"): b"as if it were Brotli",
        path.with_name(f"{path.name}.gz"): gzip.compress(SCRIPT, mtime=0),
    }
    for file, content in copies.items():
        file.write_bytes(content)
    yield edge
    for file in copies:
        file.unlink()


def test_an_asset_with_a_hash_in_its_name_is_kept_for_ever(released: Edge) -> None:
    response = released.send(HASHED)
    assert (response.status, response.body) == (200, SCRIPT)
    assert response.headers.get_all("Cache-Control") == ["public, max-age=31536000, immutable"]
    assert response.headers["Content-Type"].startswith("text/javascript")
    tag = response.headers["ETag"]
    assert released.send(HASHED, if_none_match=tag).status == 304


@pytest.mark.parametrize("path", ["/", "/assets/api.js", "/assets/api.0123456789.js.br"])
def test_every_other_file_is_revalidated(released: Edge, path: str) -> None:
    plain = released.published / "assets" / "api.js"
    plain.write_bytes(SCRIPT)
    try:
        response = released.send(path)
    finally:
        plain.unlink()
    assert response.status == 200
    assert response.headers.get_all("Cache-Control") == ["no-cache"]


def test_a_missing_asset_is_not_kept(edge: Edge) -> None:
    response = edge.send("/assets/gone.0123456789.js")
    assert_problem(response, 404, "not-found")
    assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("accepted", "coding", "body"),
    [
        ("gzip, deflate, br, zstd", "br", b"as if it were Brotli"),
        ("br", "br", b"as if it were Brotli"),
        ("gzip", "gzip", gzip.compress(SCRIPT, mtime=0)),
        ("identity", None, SCRIPT),
    ],
)
def test_the_copies_of_a_release_are_sent_as_they_are(
    released: Edge, accepted: str, coding: str | None, body: bytes
) -> None:
    response = released.send(HASHED, accept_encoding=accepted)
    assert response.headers["Content-Encoding"] == coding
    assert len(response.body) == len(body)
    assert response.headers["Vary"] == "Accept-Encoding"


def test_zstd_is_made_for_the_response(released: Edge) -> None:
    response = released.send(HASHED, accept_encoding="zstd")
    assert response.headers["Content-Encoding"] == "zstd"
    assert response.body.startswith(b"\x28\xb5\x2f\xfd")
    assert len(response.body) < len(SCRIPT) / 4


def test_the_page_and_the_assets_have_folders_of_their_own(edge: Edge) -> None:
    """The published assets are those of all releases, the page is that of one."""
    (edge.published / "other.html").write_text("x")
    (edge.web / "assets" / "old.0123456789.js").write_text("x")
    assert edge.send("/other.html").status == 404
    assert edge.send("/assets/old.0123456789.js").status == 404


def test_a_signed_url_leads_to_the_store_without_other_credentials(
    edge: Edge, store: WebProcess
) -> None:
    response = edge.send(
        SIGNED, authorization="Bearer x.y.z", cookie="a=b", x_amz_date="x", x_forwarded_host="evil"
    )
    assert (response.status, response.body) == (200, b"store")
    (received,) = store.received
    assert received.path == SIGNED.removeprefix("/stored")
    assert received.headers["host"] == f"127.0.0.1:{store.port}"
    assert not received.headers.keys() & {"authorization", "cookie", "x-amz-date"}
    assert not [name for name in received.headers if name.startswith("x-forwarded")]


def test_an_image_from_the_store_is_private_and_may_do_nothing(
    edge: Edge, store: WebProcess
) -> None:
    headers = edge.send(SIGNED).headers
    assert store.received
    assert headers.get_all("Cache-Control") == ["private, max-age=86400, immutable"]
    assert headers.get_all("Content-Disposition") == ["inline"]
    assert headers.get_all("X-Content-Type-Options") == ["nosniff"]
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers.get_all("X-Request-Id") != ["the process's own"]
    assert "Server" not in headers


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/stored/images/images/7"),
        ("GET", "/stored/images/?list-type=2"),
        ("GET", "/stored/"),
        ("PUT", SIGNED),
        ("DELETE", SIGNED),
        ("POST", SIGNED),
        ("HEAD", SIGNED),
    ],
)
def test_nothing_else_reaches_the_store(
    edge: Edge, store: WebProcess, method: str, path: str
) -> None:
    assert edge.send(path, method=method).status == 404
    assert not store.received


@pytest.mark.parametrize(("refused", "status"), [(403, 404), (404, 404), (400, 404), (500, 503)])
def test_what_the_store_refuses_is_like_what_never_was(
    edge: Edge, store: WebProcess, refused: int, status: int
) -> None:
    store.bare_status = refused
    try:
        response = edge.send(SIGNED)
    finally:
        store.bare_status = 0
    assert_problem(response, status, "not-found" if status == 404 else "unavailable")
    assert "private" not in response.headers.get("Cache-Control", "")
