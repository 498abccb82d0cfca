"""The states of a submission, shown without a reload."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.fake_api import FakeApi, Refusal
from tests.geometry import drawn_boxes, worst_difference
from tests.places import ERRORS, GROUP
from tests.user import User

EXACT = 0.004  # of the image
HIDE = """(hidden) => {
  Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""
SIDES = ("left", "top", "width", "height")
URL = "https://example.org/crew.jpg"


def test_each_state_is_shown_and_announced(fake: FakeApi, signed_in: User) -> None:
    fake.finishes = False
    signed_in.upload(GROUP)
    current = signed_in.opened.locator("[aria-current=step]")
    expect(signed_in.announced).to_have_text("Taken in, waiting for its turn.")
    expect(signed_in.opened).to_have_attribute("aria-busy", "true")
    expect(signed_in.opened.get_by_text("Waiting for its turn")).to_be_visible()
    expect(signed_in.opened.get_by_role("img")).to_be_visible()  # its preview
    fake.move(fake.only(), "processing")
    expect(signed_in.announced).to_have_text("Looking for faces.")
    expect(current).to_have_text("Looking for faces")
    expect(signed_in.rows).to_contain_text("Looking for faces")
    fake.move(fake.only(), "succeeded")
    signed_in.wait_for_faces(3)
    expect(signed_in.announced).to_have_text("3 faces found.")
    expect(current).to_have_text("Done")
    expect(signed_in.opened).to_have_attribute("aria-busy", "false")
    boxes = [detection["box"] for detection in fake.detections]
    assert worst_difference(drawn_boxes(signed_in.page), boxes) < EXACT


def test_choosing_a_face_marks_its_frame(fake: FakeApi, signed_in: User) -> None:
    signed_in.upload(GROUP)
    signed_in.wait_for_faces(3)
    face = signed_in.button("Face 2 93 % sure")
    face.press("Enter")
    expect(face).to_have_attribute("aria-pressed", "true")
    marked = signed_in.page.locator(".frame.marked")
    expect(marked).to_have_attribute("data-number", "2")
    face.press("Enter")
    expect(marked).to_have_count(0)


@pytest.mark.parametrize("code", ["image-unreachable", "recognizer-crashed", "not-known-yet"])
def test_failure_is_shown_in_words(fake: FakeApi, signed_in: User, code: str) -> None:
    fake.finishes = False
    signed_in.submit_url(URL)
    expect(signed_in.rows).to_have_count(1)
    fake.move(fake.only(), "failed", code)
    failure = signed_in.opened.locator(".failure")
    expect(failure.get_by_role("heading")).not_to_be_empty()
    expect(failure).to_contain_text("The fake's detail.")
    expect(signed_in.announced).to_contain_text("Failed.")
    expect(signed_in.opened.locator(".step.failed")).to_have_text("Failed")


def test_failed_url_can_be_submitted_again(fake: FakeApi, signed_in: User) -> None:
    fake.finishes = False
    signed_in.submit_url(URL)
    expect(signed_in.rows).to_have_count(1)
    fake.move(fake.only(), "failed", "timed-out")
    fake.finishes = True
    signed_in.button("Submit it again").click()
    signed_in.wait_for_faces(3)
    assert len(fake.stored) == 2
    assert len(set(fake.calls("POST /submissions"))) == 2


def test_unfinished_ones_in_the_list_are_brought_up_to_date(fake: FakeApi, signed_in: User) -> None:
    fake.finishes = False
    signed_in.submit_url(URL)
    expect(signed_in.rows).to_have_count(1)
    first = fake.only()
    signed_in.submit_url(URL)
    expect(signed_in.rows).to_have_count(2)
    fake.move(first, "succeeded")
    expect(signed_in.rows.nth(1)).to_contain_text("3 faces")
    expect(signed_in.rows.nth(0)).to_contain_text("Waiting")


def test_trouble_while_it_is_polled_is_shown_and_passes(fake: FakeApi, signed_in: User) -> None:
    fake.finishes = False
    fake.refuse("GET /submissions/ID", Refusal(503), Refusal(503))
    signed_in.upload(GROUP)
    expect(signed_in.opened.get_by_role("status")).to_contain_text("busy or away")
    fake.move(fake.only(), "succeeded")
    signed_in.wait_for_faces(3)
    expect(signed_in.opened.get_by_text("busy or away")).to_be_hidden()


@pytest.mark.parametrize("part", ["result", "image"])
def test_what_cannot_be_loaded_can_be_retried(fake: FakeApi, signed_in: User, part: str) -> None:
    fake.refuse(f"GET /submissions/ID/{part}", Refusal(503))
    signed_in.upload(GROUP)
    signed_in.opened.get_by_role("button", name="Try again").click()
    signed_in.wait_for_faces(3)
    expect(signed_in.opened.get_by_role("img", name="3 faces framed")).to_be_visible()
    expect(signed_in.opened.get_by_text("busy or away")).to_be_hidden()


def test_hidden_for_long_it_stops_polling_and_goes_on_when_seen(
    fake: FakeApi, signed_in: User
) -> None:
    page = signed_in.page
    fake.finishes = False
    page.clock.install()
    signed_in.upload(GROUP)
    expect(signed_in.opened.get_by_text("Waiting for its turn")).to_be_visible()
    page.evaluate(HIDE, True)
    page.clock.run_for(40_000)
    page.wait_for_timeout(300)
    received = len(fake.requests)
    page.clock.run_for(60_000)
    page.wait_for_timeout(300)
    assert len(fake.requests) == received
    fake.move(fake.only(), "succeeded")
    page.evaluate(HIDE, False)
    page.clock.run_for(2_000)
    signed_in.wait_for_faces(3)


def test_every_failure_code_of_the_contract_has_words(page: Page) -> None:
    failures = ERRORS.read_text().split("\nfailures:\n")[1]
    codes = re.findall(r"^  ([a-z-]+):$", failures, re.MULTILINE)
    known = page.evaluate("async () => Object.keys((await import('/js/texts.js')).FAILURES)")
    assert sorted(known) == sorted(codes)


def test_every_number_is_wholly_within_the_image(fake: FakeApi, signed_in: User) -> None:
    boxes = [(0.98, 0.5, 0.02, 0.02), (0, 0, 1, 1), (0.4, 0.02, 0.2, 0.2), (0.4, 0.8, 0.2, 0.2)]
    fake.detections = [
        {"label": "face", "score": 0.9, "box": dict(zip(SIDES, box, strict=True))} for box in boxes
    ]
    signed_in.upload(GROUP)
    signed_in.wait_for_faces(4)
    for width in (1200, 340):
        signed_in.page.set_viewport_size({"width": width, "height": 800})
        expect(signed_in.page.locator(".tag[y]")).to_have_count(4)
        image = signed_in.page.locator(".image img").bounding_box()
        assert image
        for tag in signed_in.page.locator(".tag rect").all():
            box = tag.bounding_box()
            assert box
            for start, length in (("x", "width"), ("y", "height")):
                assert box[start] >= image[start] - 1  # type: ignore[literal-required]
                end = image[start] + image[length]  # type: ignore[literal-required]
                assert box[start] + box[length] <= end + 1  # type: ignore[literal-required]
