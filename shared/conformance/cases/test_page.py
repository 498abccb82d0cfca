"""The web page, which the edge serves beside the API."""

import re

import httpx
import pytest
from support.client import Api


@pytest.fixture(scope="module")
def page(api: Api) -> httpx.Response:
    return api.http.get("/")


def test_the_page_is_html(page: httpx.Response) -> None:
    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")
    assert "<html" in page.text.lower()


def test_the_page_declares_its_language(page: httpx.Response) -> None:
    assert re.search(r"<html[^>]* lang=", page.text)


def test_the_page_may_run_its_own_scripts_only(page: httpx.Response) -> None:
    policy = page.headers["Content-Security-Policy"]
    directives = {
        name: value
        for name, _, value in (part.strip().partition(" ") for part in policy.split(";"))
    }
    scripts = directives.get("script-src", directives.get("default-src", ""))
    assert scripts
    assert not re.search(r"unsafe-inline|unsafe-eval|\*|https?:|data:", scripts)


def test_a_response_of_the_api_may_load_nothing_as_a_page(api: Api) -> None:
    policy = api.get("/schema").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_the_page_may_not_be_framed(page: httpx.Response) -> None:
    policy = page.headers.get("Content-Security-Policy", "")
    framing = page.headers.get("X-Frame-Options", "").upper()
    assert "frame-ancestors 'none'" in policy or framing == "DENY"


def test_the_page_is_not_sniffed(page: httpx.Response) -> None:
    assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_sends_no_referrer(page: httpx.Response) -> None:
    assert page.headers["Referrer-Policy"] in {"no-referrer", "same-origin", "strict-origin"}


def test_everything_that_the_page_names_is_served(api: Api, page: httpx.Response) -> None:
    named = re.findall(r"""(?:src|href)=["'](?!#|data:|https?:|mailto:)([^"'#?]+)""", page.text)
    files = [name for name in named if re.search(r"\.(js|css|svg|ico|png|webmanifest)$", name)]
    assert any(name.endswith(".js") for name in files)
    assert any(name.endswith(".css") for name in files)
    for name in files:
        response = api.http.get(httpx.URL("/").join(name))
        assert response.status_code == 200, name
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_is_revalidated(api: Api, page: httpx.Response) -> None:
    """A release is seen at once, and a page that has not changed isn't sent again."""
    control = page.headers["Cache-Control"]
    assert "no-cache" in control or "max-age=0" in control
    coding = {"Accept-Encoding": page.request.headers["Accept-Encoding"]}
    again = api.http.get("/", headers={"If-None-Match": page.headers["ETag"], **coding})
    assert (again.status_code, again.content) == (304, b"")


def test_the_page_is_compressed(api: Api) -> None:
    sent = {}
    for coding in ("identity", "gzip"):
        with api.http.stream("GET", "/", headers={"Accept-Encoding": coding}) as response:
            assert response.status_code == 200
            sent[coding] = len(b"".join(response.iter_raw()))
            assert "Accept-Encoding" in response.headers["Vary"]
    assert sent["gzip"] < sent["identity"] / 2


def test_only_files_that_are_named_for_their_content_are_kept(
    api: Api, page: httpx.Response
) -> None:
    """Under another name a changed file would not be noticed."""
    named = re.findall(r"""(?:src|href)=["']([^"'#?:]+\.(?:js|css))["']""", page.text)
    assert named
    for name in named:
        control = api.http.get(httpx.URL("/").join(name)).headers["Cache-Control"]
        is_hashed = re.search(r"[.-][0-9a-f]{8,}\.(?:js|css)$", name) is not None
        assert ("immutable" in control) == is_hashed, name
        assert is_hashed or "no-cache" in control or "max-age=0" in control, name


def test_a_missing_file_is_not_kept(api: Api) -> None:
    response = api.http.get("/assets/missing.0123456789.js")
    assert response.status_code == 404
    assert "immutable" not in response.headers.get("Cache-Control", "")


def test_the_page_names_nothing_of_other_sites(page: httpx.Response) -> None:
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//[^"']+\.(?:js|css)""", page.text)


@pytest.mark.parametrize(
    "path", ["/../Caddyfile", "/%2e%2e/%2e%2e/etc/passwd", "/.git/config", "/nothing.js"]
)
def test_nothing_else_is_served(api: Api, path: str) -> None:
    response = api.http.get(path)
    assert response.status_code in {400, 404}
    assert "root:" not in response.text
