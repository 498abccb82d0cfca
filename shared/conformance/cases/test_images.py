"""Results and stored images of valid images."""

import hashlib
import re
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat
from support.gallery import Gallery
from support.images import IMAGES, ORIENTATIONS, fixture, overlap, same_faces
from support.plan import BY_ADDRESS

RESULT_FIELDS = {"submission_id", "recognizer", "image", "detections", "created_at"}
STORED_AS = {"image/gif": "image/png"}
PRIVATE = [name for name, expected in IMAGES.items() if "must_not_survive" in expected]


def boxes(result: Any) -> list[dict[str, float]]:
    return [detection["box"] for detection in result["detections"]]


def stored(images: Gallery, name: str) -> httpx.Response:
    response = images.read(name, "image")
    if response.status_code == 302:
        response = lying_at(images, response.headers["Location"])
    assert response.status_code == 200
    return response


def lying_at(images: Gallery, location: str, *, token: bool = False) -> httpx.Response:
    """Return the response at a Location, which may be relative to the target."""
    headers = {"Authorization": f"Bearer {images.account.token}"} if token else {}
    url = images.api.http.base_url.join(location)
    return httpx.get(url, headers=headers, timeout=20, trust_env=False)


@pytest.fixture
def signed(images: Gallery) -> str:
    """The signed URL to which the image is redirected."""
    response = images.read("images/portrait.jpg", "image")
    if response.status_code != 302:
        pytest.skip("this target sends images itself")
    return response.headers["Location"]


def pil_image(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data)).convert("RGB")


def difference(first: Image.Image, second: Image.Image) -> float:
    """Return the mean difference of two images, 0 to 255."""
    bands = ImageStat.Stat(ImageChops.difference(first, second)).mean
    return sum(bands) / len(bands)


@pytest.mark.parametrize("name", IMAGES)
def test_an_upload_succeeds(images: Gallery, name: str) -> None:
    submission = images.final(name)
    assert (submission["state"], submission["error"]) == ("succeeded", None)
    assert submission["image"]["media_type"] == IMAGES[name]["media_type"]
    assert submission["image"]["bytes"] == len(fixture(name))


@pytest.mark.parametrize("name", IMAGES)
def test_its_faces_are_found(images: Gallery, name: str) -> None:
    result = images.result(name)
    assert len(result["detections"]) == images.final(name)["detection_count"]
    assert same_faces(boxes(result), IMAGES[name]["faces"]), boxes(result)


@pytest.mark.parametrize("name", IMAGES)
def test_its_result_describes_the_stored_image(images: Gallery, name: str) -> None:
    image, response = images.result(name)["image"], stored(images, name)
    assert image["sha256"] == hashlib.sha256(response.content).hexdigest()
    assert response.headers["Content-Type"] == image["media_type"]
    media_type = IMAGES[name]["media_type"]
    assert image["media_type"] == STORED_AS.get(media_type, media_type)
    size = Image.open(BytesIO(response.content)).size
    expected = (IMAGES[name]["width"], IMAGES[name]["height"])
    assert (image["width"], image["height"]) == size == expected


@pytest.mark.parametrize("name", IMAGES)
def test_its_stored_image_has_no_metadata(images: Gallery, name: str) -> None:
    opened = Image.open(BytesIO(stored(images, name).content))
    assert not opened.getexif()
    assert not opened.info.keys() & {"exif", "icc_profile", "comment", "xmp", "photoshop"}
    assert getattr(opened, "n_frames", 1) == 1
    assert not getattr(opened, "text", {})


@pytest.mark.parametrize("name", PRIVATE)
def test_what_was_private_is_gone(images: Gallery, name: str) -> None:
    secret = IMAGES[name]["must_not_survive"].encode()
    assert secret in fixture(name)
    assert secret not in stored(images, name).content


@pytest.mark.parametrize("name", ORIENTATIONS)
def test_the_face_is_the_same_in_every_orientation(images: Gallery, name: str) -> None:
    (upright,) = boxes(images.result(ORIENTATIONS[0]))
    (found,) = boxes(images.result(name))
    assert overlap(found, upright) > 0.9


@pytest.mark.parametrize("name", ORIENTATIONS)
def test_the_image_is_upright_in_every_orientation(images: Gallery, name: str) -> None:
    upright = ImageOps.exif_transpose(Image.open(BytesIO(fixture(name)))).convert("RGB")
    assert difference(pil_image(stored(images, name).content), upright) < 4


@pytest.mark.parametrize("name", ["images/rgb.png", "images/portrait.jpg", "images/lossy.webp"])
def test_the_image_is_still_the_same(images: Gallery, name: str) -> None:
    assert difference(pil_image(stored(images, name).content), pil_image(fixture(name))) < 4


def test_an_image_is_shown_but_not_run(images: Gallery) -> None:
    headers = stored(images, "images/polyglot.jpg").headers
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_an_image_is_not_kept_by_shared_caches(images: Gallery) -> None:
    control = stored(images, "images/portrait.jpg").headers.get("Cache-Control", "")
    assert "public" not in control


def test_a_signed_url_needs_no_token_and_takes_one(images: Gallery, signed: str) -> None:
    """A browser that follows the redirect within the origin sends its token along."""
    without, with_token = (lying_at(images, signed, token=token) for token in (False, True))
    assert without.status_code == with_token.status_code == 200
    assert without.content == with_token.content


def test_a_signed_url_ends(signed: str) -> None:
    query = parse_qs(urlsplit(signed).query)
    (seconds,) = query.get("X-Amz-Expires") or query["Expires"]
    assert int(seconds) > 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(r"(X-Amz-Signature=)[0-9a-f]{8}", r"\g<1>00000000", id="signature"),
        pytest.param(r"(X-Amz-Expires=)", r"\g<1>9", id="longer"),
        pytest.param(r"(X-Amz-Date=\d{8}T)\d{6}", r"\g<1>000000", id="another-time"),
        pytest.param(r"(/images/[0-9a-f-]{32})[0-9a-f]{4}", r"\g<1>0000", id="another-image"),
        pytest.param(r"/images/(?=[0-9a-f-]{36})", "/uploads/", id="another-folder"),
        pytest.param(r"$", "&response-content-type=text/html", id="one-field-more"),
        pytest.param(r"[?].*", "", id="no-signature"),
    ],
)
def test_a_signed_url_that_was_changed_is_refused(
    images: Gallery, signed: str, before: str, after: str
) -> None:
    changed = re.sub(before, after, signed, count=1)
    assert changed != signed
    assert lying_at(images, changed).status_code in {400, 403, 404}
    assert lying_at(images, changed, token=True).status_code in {400, 403, 404}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST", "HEAD"])
def test_a_signed_url_reads_and_does_nothing_else(
    images: Gallery, signed: str, method: str
) -> None:
    url = images.api.http.base_url.join(signed)
    response = httpx.request(method, url, timeout=20, trust_env=False)
    assert response.status_code in {400, 403, 404, 405}
    assert lying_at(images, signed).status_code == 200


def test_each_signed_url_is_for_its_own_image(images: Gallery, signed: str) -> None:
    other = images.read("images/group.jpg", "image").headers["Location"]
    assert urlsplit(other).path != urlsplit(signed).path
    crossed = f"{urlsplit(other).path}?{urlsplit(signed).query}"
    assert lying_at(images, crossed).status_code in {400, 403, 404}


@pytest.mark.parametrize(
    "accept", ["image/*", "image/avif,image/webp,*/*;q=0.8", "text/html", "*/*"]
)
def test_the_image_is_sent_whatever_is_accepted(images: Gallery, accept: str) -> None:
    response = images.read("images/portrait.jpg", "image", headers={"Accept": accept})
    assert response.status_code in {200, 302}


def test_a_result_has_the_fields_of_the_contract(images: Gallery) -> None:
    result = images.result("images/portrait.jpg")
    assert result.keys() == RESULT_FIELDS
    assert result["image"].keys() == {"width", "height", "media_type", "sha256"}
    assert result["recognizer"].keys() == {"name", "version"}
    assert result["submission_id"] == images.final("images/portrait.jpg")["id"]
    (face,) = result["detections"]
    assert face.keys() == {"label", "score", "box"}
    assert face["box"].keys() == {"left", "top", "width", "height"}


@pytest.mark.parametrize("name", ["images/group.jpg", "images/small-faces.jpg"])
def test_boxes_lie_within_the_image(images: Gallery, name: str) -> None:
    for box in boxes(images.result(name)):
        assert box["left"] + box["width"] <= 1 + 1e-6
        assert box["top"] + box["height"] <= 1 + 1e-6


def test_a_result_is_the_same_each_time(images: Gallery) -> None:
    first, again = (images.read("images/group.jpg", "result") for _ in range(2))
    assert first.content == again.content


def test_times_follow_each_other(images: Gallery) -> None:
    submission = images.final("images/portrait.jpg")
    names = ("created_at", "started_at", "completed_at")
    times = [datetime.fromisoformat(submission[name]) for name in names]
    assert times == sorted(times)


@pytest.mark.parametrize("name", BY_ADDRESS)
def test_a_url_succeeds(images: Gallery, name: str) -> None:
    submission = images.final(f"address-{name}")
    assert (submission["state"], submission["error"]) == ("succeeded", None)
    assert submission["detection_count"] == 1
    assert submission["image"]["kind"] == "url"


@pytest.mark.parametrize(
    ("name", "file"),
    [("plain", "images/portrait.jpg"), ("png", "images/rgb.png"),
     ("gif", "images/first-frame-face.gif"), ("webp", "images/lossy.webp"),
     ("wrong-media-type", "images/portrait.jpg")],
)  # fmt: skip
def test_a_submission_by_url_shows_what_was_fetched(images: Gallery, name: str, file: str) -> None:
    image = images.final(f"address-{name}")["image"]
    assert image["media_type"] == IMAGES[file]["media_type"]
    assert image["bytes"] == len(fixture(file))
    assert same_faces(boxes(images.result(f"address-{name}")), IMAGES[file]["faces"])


def test_a_url_and_an_upload_of_one_file_are_stored_alike(images: Gallery) -> None:
    by_address = images.result("address-plain")
    uploaded = images.result("images/portrait.jpg")
    assert by_address["image"] == uploaded["image"]
    assert by_address["detections"] == uploaded["detections"]
