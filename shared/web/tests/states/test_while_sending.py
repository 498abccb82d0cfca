"""What is entered while an image is being sent belongs to the next one."""

from playwright.sync_api import expect

from tests.fake_api import FakeApi, Refusal
from tests.places import GROUP, PORTRAIT
from tests.user import User

POST = "POST /submissions"
FIRST_URL = "https://example.org/crew.jpg"
NEXT_URL = "https://example.org/crowd.jpg"


def test_url_entered_while_an_image_is_sent_is_kept(fake: FakeApi, signed_in: User) -> None:
    hold = fake.hold(POST)
    signed_in.upload(GROUP)
    hold.wait()
    signed_in.button("Remove").click()
    field = signed_in.page.get_by_label("URL of an image")
    field.fill(NEXT_URL)
    hold.released.set()
    signed_in.wait_for_faces(3)
    expect(field).to_have_value(NEXT_URL)
    expect(field).to_be_focused()


def test_image_chosen_while_a_url_is_sent_is_kept(fake: FakeApi, signed_in: User) -> None:
    hold = fake.hold(POST)
    signed_in.submit_url(FIRST_URL)
    hold.wait()
    signed_in.choose(PORTRAIT)
    hold.released.set()
    signed_in.wait_for_faces(3)
    expect(signed_in.page.get_by_text("portrait.jpg, 65 kB")).to_be_visible()
    signed_in.button("Remove").click()
    expect(signed_in.page.get_by_label("URL of an image")).to_have_value("")


def test_failed_one_is_not_submitted_again_while_another_is_sent(
    fake: FakeApi, signed_in: User
) -> None:
    fake.finishes = False
    signed_in.submit_url(FIRST_URL)
    expect(signed_in.rows).to_have_count(1)
    fake.move(fake.only(), "failed", "timed-out")
    again = signed_in.button("Submit it again")
    expect(again).to_be_visible()
    fake.finishes = True
    hold = fake.hold(POST)
    signed_in.upload(GROUP)
    hold.wait()
    again.click()
    expect(signed_in.opened.get_by_role("status")).to_contain_text("still being sent")
    expect(signed_in.page.get_by_text("group.jpg, 110 kB")).to_be_visible()
    hold.released.set()
    signed_in.wait_for_faces(3)
    assert len(fake.calls(POST)) == 2


def test_refusal_is_not_shown_at_the_image_chosen_since(fake: FakeApi, signed_in: User) -> None:
    hold = fake.hold(POST)
    fake.refuse(POST, Refusal(415, "unsupported-media-type"))
    signed_in.upload(GROUP)
    hold.wait()
    signed_in.button("Remove").click()
    signed_in.choose(PORTRAIT)
    hold.released.set()
    alert = signed_in.page.get_by_role("alert")
    expect(alert).to_contain_text("The image sent before was refused. This isn't an image")
    expect(signed_in.page.locator("#image-error")).to_be_hidden()
    expect(signed_in.page.get_by_text("portrait.jpg, 65 kB")).to_be_visible()
