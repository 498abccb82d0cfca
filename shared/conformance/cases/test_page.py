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


def test_the_page_names_nothing_of_other_sites(page: httpx.Response) -> None:
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//[^"']+\.(?:js|css)""", page.text)


@pytest.mark.parametrize(
    "path", ["/../Caddyfile", "/%2e%2e/%2e%2e/etc/passwd", "/.git/config", "/nothing.js"]
)
def test_nothing_else_is_served(api: Api, path: str) -> None:
    response = api.http.get(path)
    assert response.status_code in {400, 404}
    assert "root:" not in response.text
