"""Headers and paths of the served page."""

import re

from playwright.sync_api import Page, Request, expect

from tests.fake_server import content_security_policy
from tests.places import PORTRAIT
from tests.user import User


def test_page_comes_with_a_strict_policy(page: Page, site_url: str) -> None:
    response = page.request.get(site_url)
    assert response.headers["content-security-policy"] == content_security_policy()
    assert "unsafe" not in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"


def test_only_the_page_is_served(page: Page, site_url: str) -> None:
    for path in ("tests/conftest.py", "pyproject.toml", "../README.md", "README.md"):
        assert page.request.get(f"{site_url}/{path}").status == 404


def test_image_is_fetched_with_the_token_and_never_by_a_link(signed_up: User) -> None:
    page = signed_up.page
    received: list[Request] = []

    def note(request: Request) -> None:
        received.append(request)

    page.on("request", note)
    signed_up.upload(PORTRAIT)
    signed_up.wait_for_faces(1)
    (image,) = [request for request in received if request.url.endswith("/image")]
    assert image.headers["authorization"].startswith("Bearer ")
    assert all("token" not in request.url for request in received)
    expect(page.locator(".image img")).to_have_attribute("src", re.compile("^blob:"))
