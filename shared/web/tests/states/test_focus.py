"""A button that goes away when it is pressed leaves the focus where the work goes on."""

import pytest
from playwright.sync_api import expect

from tests.fake_api import FakeApi, Refusal
from tests.places import GROUP
from tests.user import User

POST = "POST /submissions"
LIST = "GET /submissions"


def test_retried_submission_leaves_the_focus_on_the_forms_button(
    fake: FakeApi, signed_in: User
) -> None:
    fake.refuse(POST, Refusal(503), Refusal(503))
    signed_in.upload(GROUP)
    again = signed_in.button("Try again")
    expect(again).to_be_visible()
    hold = fake.hold(POST)
    again.press("Enter")
    hold.wait()
    expect(signed_in.button("Sending…")).to_be_focused()
    hold.released.set()
    expect(again).to_be_visible()
    expect(signed_in.button("Find the faces")).to_be_focused()


@pytest.mark.parametrize("part", ["", "/result", "/image"])
def test_retried_part_of_the_opened_one_leaves_the_focus_on_its_title(
    fake: FakeApi, signed_in: User, part: str
) -> None:
    page = signed_in.page
    opened = fake.add()
    fake.move(opened, "succeeded")
    call = f"GET /submissions/ID{part}"
    fake.refuse(call, Refusal(503))
    page.goto(f"{fake.base_url}/#{opened}")
    again = signed_in.opened.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    hold = fake.hold(call)
    again.press("Enter")
    hold.wait()
    expect(page.locator("#opened-title")).to_be_focused()
    hold.released.set()
    expect(signed_in.opened.get_by_role("img", name="3 faces framed")).to_be_visible()
    expect(page.locator("#opened-title")).to_be_focused()


def test_retried_list_leaves_the_focus_on_its_heading(fake: FakeApi, signed_in: User) -> None:
    page = signed_in.page
    fake.move(fake.add(), "succeeded")
    fake.refuse(LIST, Refusal(503))
    page.reload()
    signed_in.button("Try again").press("Enter")
    expect(signed_in.rows).to_have_count(1)
    expect(page.get_by_role("heading", name="Past submissions")).to_be_focused()


def test_page_of_the_list_that_cannot_be_loaded_leaves_the_focus_on_its_button(
    fake: FakeApi, signed_in: User
) -> None:
    for day in range(10, 21):
        fake.move(fake.add(created_at=f"2026-01-{day}T08:00:00Z"), "succeeded")
    signed_in.page.reload()
    more = signed_in.button("Show more")
    expect(more).to_be_visible()
    fake.refuse(LIST, Refusal(503))
    more.press("Enter")
    expect(signed_in.page.locator("#past-trouble")).to_contain_text("busy or away")
    expect(more).to_be_focused()
    signed_in.button("Try again").press("Enter")
    expect(signed_in.rows.nth(10)).to_be_focused()
