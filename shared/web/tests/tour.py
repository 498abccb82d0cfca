"""Bring the page into each of its states, one after the other."""

from collections.abc import Iterator

from playwright.sync_api import expect

from tests.fake_api import FakeApi, Refusal
from tests.places import GROUP
from tests.user import PASSWORD, User

LONG_URL = (
    "https://photographs.example.org/2026/november/"
    "the-whole-crew-in-front-of-the-building-before-it-was-painted_very_long_name.jpg"
)


def tour(fake: FakeApi, user: User) -> Iterator[str]:
    """Yield the name of each state while the page is in it."""
    fake.finishes = False
    yield from _signing_in(fake, user)
    yield from _submitting(fake, user)
    yield from _trouble(fake, user)


def _signing_in(fake: FakeApi, user: User) -> Iterator[str]:
    page = user.page
    yield "signed out"
    user.sign_in("a wrong password")
    expect(page.get_by_label("Password", exact=True)).to_have_attribute("aria-invalid", "true")
    yield "wrong password"
    user.button("Create an account").click()
    fake.accounts[user.email] = PASSWORD
    user.fill_in(user.email, PASSWORD)
    user.button("Create account").click()
    expect(user.button("Sign in instead")).to_be_visible()
    yield "email taken"
    user.button("Sign in instead").click()
    user.sign_in()
    expect(page.get_by_text("Nothing yet.")).to_be_visible()
    yield "nothing submitted"


def _submitting(fake: FakeApi, user: User) -> Iterator[str]:
    page = user.page
    user.button("Find the faces").click()
    yield "nothing given"
    user.choose(GROUP)
    expect(page.get_by_text("group.jpg, 110 kB")).to_be_visible()
    yield "preview"
    user.button("Find the faces").click()
    expect(user.opened.get_by_text("Waiting for its turn")).to_be_visible()
    yield "pending"
    fake.move(fake.only(), "processing")
    expect(user.opened.get_by_text("Looking for faces")).to_be_visible()
    yield "processing"
    fake.move(fake.only(), "succeeded")
    user.wait_for_faces(len(fake.detections))
    yield "succeeded"
    user.button("Face 2 93 % sure").click()
    yield "a face chosen"
    user.opened.get_by_role("button", name="Delete").click()
    yield "confirming a deletion"
    user.button("Keep it").click()


def _trouble(fake: FakeApi, user: User) -> Iterator[str]:
    page = user.page
    for day in range(10, 25):
        found = fake.add(created_at=f"2026-01-{day}T08:00:00Z")
        fake.move(found, "succeeded")
    fake.refuse("GET /submissions/ID/image", Refusal(503))
    page.goto(f"{fake.base_url}/#{found}")
    expect(user.opened.get_by_text("can't be shown")).to_be_visible()
    yield "faces without their image"
    failed = fake.add("url", LONG_URL)
    fake.move(failed, "failed", "image-unreachable")
    page.goto(f"{fake.base_url}/#{failed}")
    page.reload()
    user.wait_for_failure("The image couldn't be fetched")
    expect(user.rows).to_have_count(10)
    yield "failed, and a list"
    page.context.set_offline(True)
    user.submit_url(LONG_URL)
    expect(page.get_by_role("alert")).to_contain_text("can't be reached")
    yield "offline"
    page.context.set_offline(False)
    fake.expire_tokens()
    user.button("Try again").click()
    expect(page.get_by_text("Your session has ended.")).to_be_visible()
    yield "session ended"
