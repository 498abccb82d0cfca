"""All ways to choose an image, and errors of submitting."""

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.fake_api import FakeApi, Refusal
from tests.places import FIXTURES, GROUP
from tests.user import User

POST = "POST /submissions"

# Dispatches a drag, a drop or a paste with a file or a text, as the browser would
TRANSFER = """([kind, name, type, content, text]) => {
  const data = new DataTransfer();
  if (content !== null) {
    const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
    data.items.add(new File([bytes], name, { type }));
  }
  for (const [format, value] of Object.entries(text)) data.setData(format, value);
  const target = document.querySelector(kind === 'paste' ? 'body' : '.opened');
  const event = kind === 'paste'
    ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
    : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
  return !target.dispatchEvent(event);
}"""


def transfer(
    page: Page, kind: str, path: Path | None = None, media_type: str = "image/jpeg", **text: str
) -> bool:
    """Return whether the page prevented the browser's default."""
    content = base64.b64encode(path.read_bytes()).decode() if path else None
    formats = {name.replace("_", "/"): value for name, value in text.items()}
    name = path.name if path else ""
    return bool(page.evaluate(TRANSFER, [kind, name, media_type, content, formats]))


def test_drag_and_drop(fake: FakeApi, signed_in: User) -> None:
    page = signed_in.page
    assert transfer(page, "dragover", GROUP)
    expect(page.locator("#drop.over")).to_be_visible()
    assert transfer(page, "drop", GROUP)
    expect(page.locator("#drop.over")).to_have_count(0)
    expect(page.get_by_text("group.jpg, 110 kB")).to_be_visible()
    expect(page.get_by_label("URL of an image")).to_be_hidden()
    signed_in.button("Find the faces").click()
    signed_in.wait_for_faces(3)


def test_pasted_image(signed_in: User) -> None:
    assert transfer(signed_in.page, "paste", GROUP)
    expect(signed_in.page.get_by_alt_text("Preview of the chosen image")).to_be_visible()
    signed_in.button("Remove").click()
    expect(signed_in.page.get_by_label("URL of an image")).to_be_visible()


def test_pasted_and_dropped_url(signed_in: User) -> None:
    field = signed_in.page.get_by_label("URL of an image")
    assert transfer(signed_in.page, "paste", text_plain="https://example.org/a.jpg")
    expect(field).to_have_value("https://example.org/a.jpg")
    dropped = {"text/uri-list": "https://example.org/b.jpg"}
    taken = signed_in.page.evaluate(TRANSFER, ["drop", "", "", None, dropped])
    assert taken
    expect(field).to_have_value("https://example.org/b.jpg")
    assert not transfer(signed_in.page, "paste", text_plain="some other words")


def test_signed_out_nothing_is_taken(page: Page) -> None:
    assert not transfer(page, "drop", GROUP)


@pytest.mark.parametrize(
    ("name", "length", "words"),
    [
        ("notes.txt", 10, "isn't an image"),
        ("empty.jpg", 0, "empty"),
        ("large.jpg", 10_000_001, "At most 10 MB"),
    ],
)
def test_file_that_cannot_do_is_refused_before_it_is_sent(
    fake: FakeApi, signed_in: User, tmp_path: Path, *, name: str, length: int, words: str
) -> None:
    (tmp_path / name).write_bytes(bytes(length))
    signed_in.choose(tmp_path / name)
    expect(signed_in.page.locator("#image-error")).to_contain_text(words)
    signed_in.button("Find the faces").click()
    expect(signed_in.page.locator("#image_url-error")).to_contain_text("Choose an image above")
    assert fake.calls(POST) == []


def test_chosen_image_that_cannot_be_previewed_is_left_to_the_service(
    fake: FakeApi, signed_in: User
) -> None:
    fake.refuse(POST, Refusal(415, "unsupported-media-type"))
    signed_in.upload(FIXTURES / "bad" / "html.jpg")
    expect(signed_in.page.locator("#image-error")).to_contain_text("isn't an image")
    expect(signed_in.page.get_by_text("html.jpg, 60 bytes")).to_be_visible()


@pytest.mark.parametrize("status", [0, 503, 500, 429])
def test_same_key_again_after_a_failed_response(
    fake: FakeApi, signed_in: User, status: int
) -> None:
    code = {503: "unavailable", 500: "internal", 429: "too-many-requests"}.get(status, "")
    fake.refuse(POST, Refusal(status, code, retry_after=3 if status == 429 else None))
    signed_in.upload(GROUP)
    alert = signed_in.page.get_by_role("alert")
    expected = {0: "can't be reached", 503: "busy or away", 500: "nothing is lost"}
    expect(alert).to_contain_text(expected.get(status, "in 3 seconds"))
    expect(signed_in.page.get_by_text("group.jpg, 110 kB")).to_be_visible()
    signed_in.button("Try again").click()
    signed_in.wait_for_faces(3)
    first, second = fake.calls(POST)
    assert first == second
    assert len(fake.stored) == 1
    signed_in.upload(GROUP)
    expect(signed_in.rows).to_have_count(2)
    assert fake.calls(POST)[-1] != first


def test_another_image_after_no_response_has_a_key_of_its_own(
    fake: FakeApi, signed_in: User
) -> None:
    fake.refuse(POST, Refusal(0))
    signed_in.submit_url("https://example.org/a.jpg")
    expect(signed_in.page.get_by_role("alert")).to_contain_text("can't be reached")
    signed_in.submit_url("https://example.org/b.jpg")
    signed_in.wait_for_faces(3)
    assert len(set(fake.calls(POST))) == 2


def test_request_still_in_flight_is_waited_for(fake: FakeApi, signed_in: User) -> None:
    fake.refuse(POST, Refusal(409, "idempotency-in-progress", retry_after=0))
    signed_in.upload(GROUP)
    signed_in.wait_for_faces(3)
    assert len(set(fake.calls(POST))) == 1


def test_pressed_twice_it_is_sent_once(fake: FakeApi, signed_in: User) -> None:
    fake.slow_seconds[POST] = 0.6
    signed_in.choose(GROUP)
    signed_in.button("Find the faces").click()
    signed_in.button("Sending…").click()
    signed_in.wait_for_faces(3)
    assert len(fake.calls(POST)) == 1


def test_refused_url_is_shown_at_its_field(fake: FakeApi, signed_in: User) -> None:
    errors = {"image_url": ["The URL's host is not allowed."]}
    fake.refuse(POST, Refusal(422, "invalid-image-url", errors=errors))
    signed_in.submit_url("http://localhost/a.jpg")
    field = signed_in.page.get_by_label("URL of an image")
    expect(field).to_have_accessible_description("The URL's host is not allowed.")
    expect(field).to_be_focused()
