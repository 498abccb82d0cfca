"""The actions of a user on the page, by the labels that the page shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from uuid import uuid4

from playwright.sync_api import Browser, Locator, Page, expect

from tests.watch import Watch

PASSWORD = "difference engine no 2"
Scheme = Literal["light", "dark"]


@contextmanager
def open_page(
    browser: Browser,
    site_url: str,
    watch: Watch,
    *,
    scheme: Scheme = "light",
    width: int = 1200,
    height: int = 900,
) -> Iterator[Page]:
    """Yield a new page with its own storage."""
    context = browser.new_context(
        color_scheme=scheme,
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = context.new_page()
    watch.attach(page, site_url)
    yield page
    context.close()


class User:
    """Uses the page as a person does: by labels, buttons and links."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.email = f"ada-{uuid4().hex[:12]}@example.org"

    def button(self, name: str) -> Locator:
        """Return a button by its text."""
        return self.page.get_by_role("button", name=name, exact=True)

    @property
    def opened(self) -> Locator:
        """Return the opened submission."""
        return self.page.locator("#opened")

    @property
    def rows(self) -> Locator:
        """Return the past submissions."""
        return self.page.locator(".past-list a")

    @property
    def announced(self) -> Locator:
        """Return the text announced to screen readers."""
        return self.page.locator("#announcer")

    def fill_in(self, email: str, password: str) -> None:
        """Fill both fields of the sign-in form."""
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)

    def sign_up(self) -> None:
        """Create an account and wait until it is signed in."""
        self.button("Create an account").click()
        self.fill_in(self.email, PASSWORD)
        self.button("Create account").click()
        expect(self.button("Sign out")).to_be_visible()

    def sign_in(self, password: str = PASSWORD) -> None:
        """Fill and submit the sign-in form."""
        self.fill_in(self.email, password)
        self.button("Sign in").click()

    def choose(self, path: Path) -> None:
        """Choose an image in the file dialog."""
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_label("Choose an image").click()
        chooser.value.set_files(path)

    def upload(self, path: Path) -> None:
        """Choose an image and submit it."""
        self.choose(path)
        self.button("Find the faces").click()

    def submit_url(self, url: str) -> None:
        """Submit an image by its URL."""
        self.page.get_by_label("URL of an image").fill(url)
        self.button("Find the faces").click()

    def wait_for_faces(self, count: int) -> None:
        """Wait until the opened submission shows how many faces were found."""
        words = {0: "No face found", 1: "1 face found"}.get(count, f"{count} faces found")
        expect(self.opened.get_by_role("heading", name=words)).to_be_visible()

    def wait_for_failure(self, title: str) -> None:
        """Wait until the opened submission shows why it failed."""
        expect(self.opened.get_by_role("heading", name=title)).to_be_visible()

    def delete_opened(self, response: str) -> None:
        """Delete the opened submission; `response` is the button pressed in the confirmation."""
        self.opened.get_by_role("button", name="Delete").click()
        self.page.get_by_role("dialog").get_by_role("button", name=response, exact=True).click()
