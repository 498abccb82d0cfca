"""POST /submissions with a URL: what is refused by its text alone."""

import json

import pytest
from support.client import Account, Api, problem

FIELDS = {
    "id", "state", "image", "detection_count", "error", "created_at", "started_at", "completed_at",
}  # fmt: skip

REFUSED = {
    # Loopback in every spelling
    "loopback": "http://127.0.0.1/a.jpg",
    "loopback-https": "https://127.0.0.1/a.jpg",
    "loopback-range": "http://127.200.3.4/a.jpg",
    "loopback-two-parts": "http://127.1/a.jpg",
    "loopback-three-parts": "http://127.0.1/a.jpg",
    "loopback-decimal": "http://2130706433/a.jpg",
    "loopback-octal": "http://0177.0.0.1/a.jpg",
    "loopback-octal-short": "http://0177.1/a.jpg",
    "loopback-hex": "http://0x7f.0.0.1/a.jpg",
    "loopback-hex-whole": "http://0x7f000001/a.jpg",
    "loopback-zeros": "http://127.000.000.001/a.jpg",
    "loopback-trailing-dot": "http://127.0.0.1./a.jpg",
    "loopback-full-width": "http://１２７.０.０.１/a.jpg",  # noqa: RUF001 - intended
    "loopback-circled": "http://①②⑦.⓪.⓪.①/a.jpg",
    "loopback-ideographic-dots": "http://127。0。0。1/a.jpg",
    "loopback-percent": "http://%31%32%37.0.0.1/a.jpg",
    "loopback-v6": "http://[::1]/a.jpg",
    "loopback-v6-long": "http://[0:0:0:0:0:0:0:1]/a.jpg",
    "loopback-v6-mapped": "http://[::ffff:127.0.0.1]/a.jpg",
    "loopback-v6-mapped-hex": "http://[::ffff:7f00:1]/a.jpg",
    "loopback-v6-compatible": "http://[::127.0.0.1]/a.jpg",
    "loopback-v6-nat64": "http://[64:ff9b::7f00:1]/a.jpg",
    "loopback-v6-6to4": "http://[2002:7f00:1::1]/a.jpg",
    "localhost": "http://localhost/a.jpg",
    "localhost-capitals": "http://LOCALHOST/a.jpg",
    "localhost-trailing-dot": "http://localhost./a.jpg",
    "localhost-below": "http://a.localhost/a.jpg",
    # Not globally routable
    "any": "http://0.0.0.0/a.jpg",
    "any-short": "http://0/a.jpg",
    "any-v6": "http://[::]/a.jpg",
    "private-10": "http://10.1.2.3/a.jpg",
    "private-172": "http://172.16.0.1/a.jpg",
    "private-192": "http://192.168.1.1/a.jpg",
    "shared": "http://100.64.0.1/a.jpg",
    "link-local": "http://169.254.1.1/a.jpg",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "metadata-decimal": "http://2852039166/latest/meta-data/",
    "metadata-v6": "http://[fd00:ec2::254]/latest/meta-data/",
    "protocol-assignments": "http://192.0.0.1/a.jpg",
    "documentation": "http://192.0.2.1/a.jpg",
    "benchmarking": "http://198.18.0.1/a.jpg",
    "multicast": "http://224.0.0.1/a.jpg",
    "reserved": "http://240.0.0.1/a.jpg",
    "broadcast": "http://255.255.255.255/a.jpg",
    "unique-local-v6": "http://[fc00::1]/a.jpg",
    "link-local-v6": "http://[fe80::1]/a.jpg",
    "link-local-v6-zone": "http://[fe80::1%25eth0]/a.jpg",
    "site-local-v6": "http://[fec0::1]/a.jpg",
    "multicast-v6": "http://[ff02::1]/a.jpg",
    "documentation-v6": "http://[2001:db8::1]/a.jpg",
    "teredo": "http://[2001:0:7f00:1::1]/a.jpg",
    # User-info
    "user": "http://user@example.org/a.jpg",
    "user-password": "http://user:secret@example.org/a.jpg",
    "user-that-looks-like-a-host": "http://example.org@127.0.0.1/a.jpg",
    "user-empty": "http://@example.org/a.jpg",
    # Ports
    "port-22": "http://example.org:22/a.jpg",
    "port-8080": "http://example.org:8080/a.jpg",
    "port-0": "http://example.org:0/a.jpg",
    "port-65536": "http://example.org:65536/a.jpg",
    "port-negative": "http://example.org:-80/a.jpg",
    "port-letters": "http://example.org:http/a.jpg",
    "allowed-host-other-port": "http://127.0.0.1:8078/a.jpg",
    # Schemes
    "file": "file:///etc/passwd",
    "ftp": "ftp://example.org/a.jpg",
    "gopher": "gopher://example.org/1",
    "data": "data:image/png;base64,iVBORw0KGgo=",
    "javascript": "javascript:alert(1)",
    "s3": "s3://images/uploads/a",
    "none": "example.org/a.jpg",
    "relative": "//example.org/a.jpg",
    "path": "/etc/passwd",
    # Syntax
    "no-host": "http:///a.jpg",
    "nothing-behind": "http://",
    "one-slash": "http:/example.org/a.jpg",
    "word": "image",
    "space": "http://exam ple.org/a.jpg",
    "newline": "http://example.org/a.jpg\r\nX-Header: 1",
    "tab": "http://exam\tple.org/a.jpg",
    "backslash": "http://example.org\\@127.0.0.1/a.jpg",
    "open-bracket": "http://[::1/a.jpg",
    "two-dots": "http://example..org/a.jpg",
    "leading-dot": "http://.example.org/a.jpg",
    "label-too-long": f"http://{'a' * 64}.org/a.jpg",
    "number-too-large": "http://256.256.256.256/a.jpg",
    "five-parts": "http://1.2.3.4.5/a.jpg",
    "soft-hyphen-host": "http://\u00ad/a.jpg",
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_url_that_can_not_be_fetched(api: Api, account: Account, name: str) -> None:
    response = api.submit_url(REFUSED[name], by=account)
    assert "image_url" in problem(response, 422, "invalid-image-url")["errors"]


def test_a_url_that_is_too_long(api: Api, account: Account) -> None:
    response = api.submit_url(f"https://example.org/{'a' * 2100}", by=account)
    assert response.status_code == 422
    assert response.json()["code"] in {"invalid", "invalid-image-url"}


def test_a_url_is_accepted(api: Api, account: Account, image_server: str) -> None:
    url = f"{image_server}/files/bad/html.jpg"
    response = api.submit_url(url, by=account)
    assert response.status_code == 202
    taken = response.json()
    assert taken.keys() == FIELDS
    assert taken["state"] in {"pending", "processing"}
    assert taken["image"] == {"kind": "url", "url": url, "media_type": None, "bytes": None}
    assert response.headers["Location"] == f"/api/v1/submissions/{taken['id']}"


def test_the_location_leads_to_the_submission(
    api: Api, account: Account, image_server: str
) -> None:
    response = api.submit_url(f"{image_server}/files/bad/html.jpg", by=account)
    shown = api.call("GET", response.headers["Location"], by=account).json()
    assert shown["id"] == response.json()["id"]
    assert shown["created_at"] == response.json()["created_at"]


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://conformance.invalid/a.jpg", id="http"),
        pytest.param("https://conformance.invalid/a.jpg", id="https"),
        pytest.param("http://conformance.invalid:80/a.jpg", id="port-80"),
        pytest.param("https://conformance.invalid:443/a.jpg", id="port-443"),
        pytest.param("http://conformance.invalid:443/a.jpg", id="http-port-443"),
        pytest.param("HTTP://CONFORMANCE.INVALID/a.jpg", id="capitals"),
        pytest.param("http://bücher.invalid/ä.jpg", id="umlauts"),
        pytest.param("http://conformance.invalid", id="no-path"),
        pytest.param("http://conformance.invalid/a?b=c&d=%20#e", id="query-and-fragment"),
        pytest.param("http://conformance.invalid./a.jpg", id="trailing-dot"),
    ],
)
def test_only_the_text_is_judged_at_once(api: Api, account: Account, url: str) -> None:
    """No name is resolved before the response: these never resolve, and are accepted."""
    response = api.submit_url(url, by=account)
    assert response.status_code == 202
    api.delete(f"/submissions/{response.json()['id']}", by=account)


@pytest.mark.parametrize(
    "value",
    [None, 7, True, [], ["http://example.org/a.jpg"], {"href": "http://example.org/a.jpg"}],
    ids=["null", "number", "boolean", "empty-list", "list", "object"],
)
def test_a_url_of_another_type(api: Api, account: Account, value: object) -> None:
    response = api.post("/submissions", by=account, json={"image_url": value})
    assert "image_url" in problem(response, 422, "invalid")["errors"]


def test_an_empty_url(api: Api, account: Account) -> None:
    response = api.submit_url("", by=account)
    assert response.status_code == 422
    assert "image_url" in response.json()["errors"]


def test_no_url_at_all(api: Api, account: Account) -> None:
    problem(api.post("/submissions", by=account, json={}), 422, "invalid")


@pytest.mark.parametrize(
    "name",
    ["id", "state", "owner", "owner_id", "account_id", "created_at", "detection_count", "image",
     "error", "attempt", "kind"],
)  # fmt: skip
def test_a_field_that_a_client_can_not_set(
    api: Api, account: Account, image_server: str, name: str
) -> None:
    sent = {"image_url": f"{image_server}/files/bad/html.jpg", name: "succeeded"}
    response = api.post("/submissions", by=account, json=sent)
    assert name in problem(response, 422, "invalid")["errors"]


@pytest.mark.parametrize(
    "content",
    [b"{", b'{"image_url": "http://example.org/a.jpg"', b"not json", b"\xff\xfe", b"[" * 100_000],
    ids=["brace", "cut", "words", "not-utf-8", "nested"],
)
def test_what_is_no_json_is_malformed(api: Api, account: Account, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    response = api.post("/submissions", by=account, content=content, headers=headers)
    problem(response, 400, "malformed")


@pytest.mark.parametrize(
    "value", [[], "http://example.org/a.jpg", 7], ids=["list", "text", "number"]
)
def test_json_that_is_no_object_is_invalid(api: Api, account: Account, value: object) -> None:
    headers = {"Content-Type": "application/json"}
    response = api.post("/submissions", by=account, content=json.dumps(value), headers=headers)
    problem(response, 422, "invalid")


@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/xml", "image/jpeg"],
)
def test_another_media_type_is_refused(api: Api, account: Account, media_type: str) -> None:
    headers = {"Content-Type": media_type}
    response = api.post("/submissions", by=account, content=b"image_url=a", headers=headers)
    problem(response, 415, "unsupported-media-type")
