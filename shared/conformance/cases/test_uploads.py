"""POST /submissions with a file: what its header and size show."""

import pytest
from support.client import Account, Api, problem
from support.images import BAD, FORMATS, MAX_IMAGE_BYTES, fixture, padded_image, small_image

BAD_HEADERS = {name: bad["code"] for name, bad in BAD.items() if bad["found_by"] == "header"}
REFUSALS = {
    "image-too-large": (413, "image-too-large"),
    "image-unsupported": (415, "unsupported-media-type"),
    "image-corrupt": (422, "invalid"),
}
NAMES = {
    "plain": "photo.jpg",
    "spaces": "my photo.jpg",
    "up": "../../../../etc/passwd",
    "absolute": "/etc/passwd",
    "windows": "..\\..\\windows\\system32\\config",
    "dots": "..",
    "nul": "a\x00b.jpg",
    "right-to-left": "\u202egpj.exe",
    "emoji": "🦒🦓.jpg",
    "quotes": 'a"b.jpg',
    "newline": "a\r\nX-Header: 1\r\n.jpg",
    "percent": "%2e%2e%2fetc%2fpasswd",
    "script": "<script>alert(1)</script>.jpg",
    "long": "a" * 4096 + ".jpg",
}


@pytest.mark.parametrize("kind", FORMATS)
def test_an_upload_is_taken_in(api: Api, account: Account, kind: str) -> None:
    data = small_image(1, kind)
    response = api.submit_upload(data, by=account)
    assert response.status_code == 202
    image = response.json()["image"]
    expected = {"kind": "upload", "url": None, "media_type": FORMATS[kind], "bytes": len(data)}
    assert image == expected


@pytest.mark.parametrize("stated", ["image/jpeg", "text/html", "application/x-php", "nonsense"])
def test_the_bytes_decide_what_it_is(api: Api, account: Account, stated: str) -> None:
    response = api.submit_upload(
        small_image(2, "PNG"), by=account, name="page.html", media_type=stated
    )
    assert response.status_code == 202
    assert response.json()["image"]["media_type"] == "image/png"


@pytest.mark.parametrize("name", NAMES)
def test_a_file_name_is_never_a_path_or_a_key(api: Api, account: Account, name: str) -> None:
    response = api.submit_upload(small_image(3), by=account, name=NAMES[name])
    # A name may make the body unreadable, and nothing else
    assert response.status_code in {202, 400, 422}
    assert "passwd" not in response.text
    if response.status_code == 202:
        shown = api.get(f"/submissions/{response.json()['id']}", by=account)
        assert shown.status_code == 200


@pytest.mark.parametrize("name", ["plain", "spaces", "up", "emoji", "quotes", "right-to-left"])
def test_a_strange_file_name_is_no_reason_to_refuse(api: Api, account: Account, name: str) -> None:
    response = api.submit_upload(small_image(4), by=account, name=NAMES[name])
    assert response.status_code == 202


@pytest.mark.parametrize("name", [name for name in BAD_HEADERS if name != "bad/empty.jpg"])
def test_a_file_that_is_no_image_by_its_header(api: Api, account: Account, name: str) -> None:
    status, code = REFUSALS[BAD_HEADERS[name]]
    body = problem(api.submit_upload(fixture(name), by=account), status, code)
    assert status != 422 or "image" in body["errors"]


def test_an_empty_file(api: Api, account: Account) -> None:
    assert "image" in problem(api.submit_upload(b"", by=account), 422, "invalid")["errors"]


def test_10_megabytes_are_taken_in(api: Api, account: Account) -> None:
    response = api.submit_upload(padded_image(MAX_IMAGE_BYTES), by=account)
    assert response.status_code == 202
    assert response.json()["image"]["bytes"] == MAX_IMAGE_BYTES


@pytest.mark.parametrize("size_bytes", [MAX_IMAGE_BYTES + 1, 2 * MAX_IMAGE_BYTES])
def test_more_than_10_megabytes_are_too_large(api: Api, account: Account, size_bytes: int) -> None:
    response = api.submit_upload(padded_image(size_bytes), by=account)
    problem(response, 413, "image-too-large")


@pytest.mark.parametrize("name", ["id", "state", "owner", "image_url", "filename"])
def test_a_field_that_a_client_can_not_set(api: Api, account: Account, name: str) -> None:
    response = api.post(
        "/submissions", by=account, files={"image": ("a.jpg", small_image())}, data={name: "x"}
    )
    assert name in problem(response, 422, "invalid")["errors"]


def test_a_file_under_another_name(api: Api, account: Account) -> None:
    response = api.post("/submissions", by=account, files={"file": ("a.jpg", small_image())})
    problem(response, 422, "invalid")


def test_a_second_file_under_another_name(api: Api, account: Account) -> None:
    files = {"image": ("a.jpg", small_image()), "second": ("b.jpg", small_image())}
    response = api.post("/submissions", by=account, files=files)
    assert "second" in problem(response, 422, "invalid")["errors"]


def test_a_text_where_the_file_should_be(api: Api, account: Account) -> None:
    response = api.post("/submissions", by=account, files={"image": (None, b"a text")})
    problem(response, 422, "invalid")


def test_a_file_inside_json(api: Api, account: Account) -> None:
    response = api.post("/submissions", by=account, json={"image": "iVBORw0KGgo="})
    assert "image" in problem(response, 422, "invalid")["errors"]


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        pytest.param("multipart/form-data", b"--x\r\n\r\n", id="no-boundary"),
        pytest.param("multipart/form-data; boundary=", b"--\r\n", id="empty-boundary"),
    ],
)
def test_a_multipart_body_without_boundary_is_malformed(
    api: Api, account: Account, media_type: str, content: bytes
) -> None:
    headers = {"Content-Type": media_type}
    response = api.post("/submissions", by=account, content=content, headers=headers)
    problem(response, 400, "malformed")


@pytest.mark.parametrize(
    "content",
    [b"", b"nothing of the kind", b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n"],
    ids=["nothing", "words", "no-name"],
)
def test_a_multipart_body_without_a_file_is_refused(
    api: Api, account: Account, content: bytes
) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    response = api.post("/submissions", by=account, content=content, headers=headers)
    assert response.status_code in {400, 422}


def test_a_thousand_parts_are_refused(api: Api, account: Account) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    response = api.post("/submissions", by=account, content=part * 1001 + b"--x--", headers=headers)
    assert response.status_code in {400, 413, 422}
