"""Brings the page into each of its states, one after the other."""

from collections.abc import Iterator

from playwright.sync_api import expect

from tests.fake_api import FakeApi
from tests.user import PASSWORD, Person
from tests.places import GROUP

LONG_ADDRESS = (
    "https://photographs.example.org/2026/november/"
    "the-whole-crew-in-front-of-the-building-before-it-was-painted_very_long_name.jpg"
)


def tour(fake: FakeApi, person: Person) -> Iterator[str]:
    """Yields the name of each state while the page is in it."""
    fake.finishes = False
    yield from _signing_in(fake, person)
    yield from _submitting(fake, person)
    yield from _trouble(fake, person)


def _signing_in(fake: FakeApi, person: Person) -> Iterator[str]:
    page = person.page
    yield "signed out"
    person.sign_in("a wrong password")
    expect(page.get_by_label("Password", exact=True)).to_have_attribute("aria-invalid", "true")
    yield "wrong password"
    person.button("Create an account").click()
    fake.accounts[person.email] = PASSWORD
    person.fill_in(person.email, PASSWORD)
    person.button("Create account").click()
    expect(person.button("Sign in instead")).to_be_visible()
    yield "email taken"
    person.button("Sign in instead").click()
    person.sign_in()
    expect(page.get_by_text("Nothing yet.")).to_be_visible()
    yield "nothing submitted"


def _submitting(fake: FakeApi, person: Person) -> Iterator[str]:
    page = person.page
    person.button("Find the faces").click()
    yield "nothing given"
    person.choose(GROUP)
    expect(page.get_by_text("group.jpg, 110 kB")).to_be_visible()
    yield "preview"
    person.button("Find the faces").click()
    expect(person.opened.get_by_text("Waiting for its turn")).to_be_visible()
    yield "pending"
    fake.move(fake.only(), "processing")
    expect(person.opened.get_by_text("Looking for faces")).to_be_visible()
    yield "processing"
    fake.move(fake.only(), "succeeded")
    person.wait_for_faces(len(fake.detections))
    yield "succeeded"
    person.button("Face 2 93 % sure").click()
    yield "a face chosen"
    person.opened.get_by_role("button", name="Delete").click()
    yield "asked whether to delete"
    person.button("Keep it").click()


def _trouble(fake: FakeApi, person: Person) -> Iterator[str]:
    page = person.page
    for day in range(10, 25):
        fake.move(fake.add(created_at=f"2026-01-{day}T08:00:00Z"), "succeeded")
    failed = fake.add("url", LONG_ADDRESS)
    fake.move(failed, "failed", "image-unreachable")
    page.goto(f"{fake.base_url}/#{failed}")
    page.reload()
    person.wait_for_failure("The picture couldn't be fetched")
    expect(person.rows).to_have_count(10)
    yield "failed, and a list"
    page.context.set_offline(True)
    person.submit_address(LONG_ADDRESS)
    expect(page.get_by_role("alert")).to_contain_text("can't be reached")
    yield "offline"
    page.context.set_offline(False)
    fake.expire_tokens()
    person.button("Try again").click()
    expect(page.get_by_text("Your session has ended.")).to_be_visible()
    yield "session ended"
