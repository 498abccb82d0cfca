"""Tests of the image server, the comparison of verdicts and the comparison of boxes."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import httpx
import pytest
from compare_verdicts import differences
from image_server import DEFAULT_FILE, ImageServer
from support.images import fixture, overlap, same_faces

HERE = Path(__file__).resolve().parents[1]
IMAGE = fixture(DEFAULT_FILE)
BOX = {"left": 0.2, "top": 0.2, "width": 0.2, "height": 0.2}
FAR = BOX | {"left": 0.7}
NEAR = BOX | {"left": 0.22}


@pytest.fixture(scope="module")
def server() -> Iterator[httpx.Client]:
    with ImageServer("127.0.0.1", 0) as running:
        Thread(target=running.serve_forever, daemon=True).start()
        with httpx.Client(
            base_url=f"http://127.0.0.1:{running.server_port}", trust_env=False
        ) as client:
            yield client
        running.shutdown()


def test_files_are_served(server: httpx.Client) -> None:
    response = server.get(f"/files/{DEFAULT_FILE}")
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.content == IMAGE


@pytest.mark.parametrize(
    "path", ["/files/../image_server.py", "/files/%2e%2e/README.md", "/files/"]
)
def test_nothing_but_fixtures_is_served(server: httpx.Client, path: str) -> None:
    assert server.get(path).status_code == 404


def test_files_are_served_without_a_folder_too(server: httpx.Client) -> None:
    assert server.get(f"/{DEFAULT_FILE}").content == IMAGE


def test_redirects_are_as_many_as_requested(server: httpx.Client) -> None:
    response = server.get("/redirect/3", follow_redirects=True)
    assert len(response.history) == 3
    assert response.content == IMAGE
    assert server.get("/redirect-to?url=http://a/").headers["Location"] == "http://a/"


def test_slow_is_slow(server: httpx.Client) -> None:
    begun = time.monotonic()
    assert server.get("/slow?seconds=0.3").content == IMAGE
    assert time.monotonic() - begun >= 0.3


def test_flaky_fails_as_often_as_configured(server: httpx.Client) -> None:
    statuses = [server.get("/flaky?key=a&failures=2").status_code for _ in range(4)]
    assert statuses == [503, 503, 200, 200]
    assert server.get("/hits?key=a").text == "4"


def test_slow_once_is_slow_once(server: httpx.Client) -> None:
    server.get("/slow-once?key=b&seconds=0.2")
    begun = time.monotonic()
    server.get("/slow-once?key=b&seconds=5")
    assert time.monotonic() - begun < 4.5


def test_huge_is_one_byte_too_many(server: httpx.Client) -> None:
    assert len(server.get("/huge").content) == 10_000_001


def test_endless_goes_on(server: httpx.Client) -> None:
    count = 0
    with server.stream("GET", "/endless") as response:
        for chunk in response.iter_raw():
            count += len(chunk)
            if count > 15_000_000:
                break
    assert count > 15_000_000


def test_the_bomb_is_small_on_the_wire(server: httpx.Client) -> None:
    with server.stream("GET", "/gzip-bomb") as response:
        wire = sum(len(chunk) for chunk in response.iter_raw())
    assert wire < 200_000
    assert len(server.get("/gzip-bomb").content) > 20_000_000


def test_a_length_can_lie(server: httpx.Client) -> None:
    assert len(server.get("/lying-length?stated=100").content) == 100
    with pytest.raises(httpx.RemoteProtocolError):
        server.get("/lying-length?stated=999999")


def test_a_file_has_any_name_and_type(server: httpx.Client) -> None:
    response = server.get("/as/a.html?type=text/html&file=images/rgb.png")
    assert response.headers["Content-Type"] == "text/html"
    assert response.content == fixture("images/rgb.png")


@pytest.mark.parametrize(
    ("path", "status"), [("/status/418", 418), ("/nothing", 404), ("/slow", 400)]
)
def test_statuses_are_as_requested(server: httpx.Client, path: str, status: int) -> None:
    assert server.get(path).status_code == status


def test_differences_are_reported() -> None:
    assert differences({"a": "passed"}, {"a": "passed"}) == []
    assert len(differences({"a": "passed", "b": "passed"}, {"a": "failed", "c": "passed"})) == 3


@pytest.mark.parametrize(
    ("second", "status"), [({"a": "passed"}, 0), ({"a": "failed"}, 1), ({"b": "passed"}, 1)]
)
def test_a_difference_is_an_exit_status(
    tmp_path: Path, second: dict[str, str], status: int
) -> None:
    paths = [tmp_path / "first.json", tmp_path / "second.json"]
    for path, verdicts in zip(paths, ({"a": "passed"}, second), strict=True):
        path.write_text(json.dumps(verdicts))
    command = [sys.executable, str(HERE / "compare_verdicts.py"), *map(str, paths)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == status


def test_overlap_is_intersection_over_union() -> None:
    assert overlap(BOX, BOX) == pytest.approx(1)
    assert overlap(BOX, FAR) == 0
    assert overlap(BOX, NEAR) == pytest.approx(0.18 / 0.22)


@pytest.mark.parametrize(
    ("found", "expected", "same"),
    [
        ([BOX], [NEAR], True),
        ([FAR, NEAR], [BOX, FAR], True),
        ([], [], True),
        ([], [BOX], False),
        ([BOX], [], False),
        ([BOX, NEAR], [BOX], False),
        ([BOX, NEAR], [BOX, FAR], False),
    ],
)
def test_faces_are_the_same_if_each_has_its_counterpart(
    found: list[dict[str, float]], expected: list[dict[str, float]], same: bool
) -> None:
    assert same_faces(found, expected) is same
