"""Signed URLs of stored images, with the real store and a short life of the URLs."""

import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from backing.ports import free_port
from benchmarks.targets import ARCHITECTURES, deploy
from benchmarks.targets.architectures import REPOSITORY

pytestmark = pytest.mark.slow
IMAGE = REPOSITORY / "shared" / "fixtures" / "images" / "portrait.jpg"
LIFE_SECONDS = 5
SETTINGS = {
    "RECOGNIZER": "synthetic",
    "SYNTHETIC_CPU_MS": "0",
    "IMAGES_FROM": "store",
    "IMAGE_URL_SECONDS": str(LIFE_SECONDS),
}


@pytest.fixture(scope="module", params=sorted(ARCHITECTURES))
def client(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A signed-in client of a deployed architecture."""
    run_dir: Path = tmp_path_factory.mktemp(request.param)
    with (
        deploy(request.param, run_dir=run_dir, edge_port=free_port(), settings=SETTINGS) as target,
        httpx.Client(base_url=target.base_url, trust_env=False, timeout=30) as found,
    ):
        body = {"email": f"{secrets.token_hex(6)}@example.org", "password": secrets.token_hex(16)}
        found.post("/api/v1/accounts", json=body).raise_for_status()
        token = found.post("/api/v1/tokens", json=body).raise_for_status().json()["access_token"]
        found.headers["Authorization"] = f"Bearer {token}"
        yield found


def submitted(client: httpx.Client) -> str:
    """Return the path of a new submission whose image is stored."""
    made = client.post("/api/v1/submissions", files={"image": IMAGE.read_bytes()})
    location = made.raise_for_status().headers["Location"]
    deadline = time.monotonic() + 60
    while client.get(location, params={"wait": 5}).json()["state"] != "succeeded":
        assert time.monotonic() < deadline
    return str(location)


@pytest.fixture(scope="module")
def submission(client: httpx.Client) -> str:
    """The path of a submission whose image is stored."""
    return submitted(client)


def signed(client: httpx.Client, submission: str) -> str:
    response = client.get(f"{submission}/image")
    assert response.status_code == 302
    return response.headers["Location"]


def test_a_url_reads_the_image_until_it_ends(client: httpx.Client, submission: str) -> None:
    url = signed(client, submission)
    response = client.get(url)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/jpeg"
    deadline = time.monotonic() + LIFE_SECONDS + 30
    while client.get(url).status_code == 200:
        assert time.monotonic() < deadline, "the URL doesn't end"
        time.sleep(0.5)
    ended = client.get(url)
    assert (ended.status_code, ended.json()["code"]) == (404, "not-found")
    assert client.get(signed(client, submission)).status_code == 200


def test_a_later_end_is_refused_by_the_store(client: httpx.Client, submission: str) -> None:
    url = signed(client, submission)
    longer = url.replace(f"X-Amz-Expires={LIFE_SECONDS}", "X-Amz-Expires=3600")
    assert longer != url
    assert client.get(longer).status_code == 404


def test_a_deleted_submission_leaves_no_image_behind_its_url(client: httpx.Client) -> None:
    location = submitted(client)
    url = signed(client, location)
    assert client.delete(location).status_code == 204
    assert client.get(url).status_code == 404
