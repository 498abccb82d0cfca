"""Submissions by upload and by URL, from the form to the result or the error."""

from playwright.sync_api import expect

from tests.geometry import drawn_boxes, overlap, worst_difference
from tests.places import FIXTURES, GROUP, PORTRAIT, expected_faces
from tests.user import User

SAME = 0.006  # of the image: a little more than rounding to a pixel
FAILURES = {
    "/status/404": "The image couldn't be fetched",
    "/redirect-to?url=http://10.0.0.1/a.jpg": "The URL leads to a forbidden address",
    "/files/bad/html.jpg": "This isn't a kind of image that can be read",
    "/files/bad/truncated.jpg": "The image is damaged",
    "/files/bad/bomb.png": "The image is too large",
}
SAME_FACE = 0.4  # intersection over union


def test_upload_shows_every_face_framed(signed_up: User) -> None:
    page = signed_up.page
    signed_up.choose(GROUP)
    expect(page.get_by_alt_text("Preview of the chosen image")).to_be_visible()
    expect(page.get_by_text("group.jpg, 110 kB")).to_be_visible()
    with page.expect_response(lambda response: response.url.endswith("/result")) as answered:
        signed_up.button("Find the faces").click()
    signed_up.wait_for_faces(3)
    expect(signed_up.announced).to_have_text("3 faces found.")

    result = answered.value.json()
    drawn = drawn_boxes(page)
    assert worst_difference(drawn, [found["box"] for found in result["detections"]]) < SAME
    for face in expected_faces("images/group.jpg"):
        assert max(overlap(box, face) for box in drawn) > SAME_FACE  # type: ignore[arg-type]

    scores = [f"{round(found['score'] * 100)} %" for found in result["detections"]]
    for row, score in zip(signed_up.opened.locator(".score").all(), scores, strict=True):
        expect(row).to_contain_text(score)
    expect(signed_up.rows.first).to_contain_text("3 faces")


def test_frames_stay_in_place_when_the_window_changes(signed_up: User) -> None:
    signed_up.upload(PORTRAIT)
    signed_up.wait_for_faces(1)
    before = drawn_boxes(signed_up.page)
    signed_up.page.set_viewport_size({"width": 380, "height": 700})
    assert worst_difference(drawn_boxes(signed_up.page), before) < SAME


def test_url_goes_the_same_way(signed_up: User, image_server: str) -> None:
    url = f"{image_server}/files/images/portrait.jpg"
    signed_up.submit_url(url)
    signed_up.wait_for_faces(1)
    expect(signed_up.opened).to_contain_text(url)
    expect(signed_up.opened.get_by_text("JPEG, 65 kB")).to_be_visible()
    expect(signed_up.opened.get_by_role("img", name="1 face framed")).to_be_visible()
    expect(signed_up.page.get_by_label("URL of an image")).to_have_value("")


def test_image_without_a_face_shows_so(signed_up: User) -> None:
    signed_up.upload(FIXTURES / "images" / "no-face-cat.jpg")
    signed_up.wait_for_faces(0)
    assert drawn_boxes(signed_up.page) == []


def test_turned_image_is_shown_upright_with_its_face(signed_up: User) -> None:
    signed_up.upload(FIXTURES / "images" / "orientation-6.jpg")
    signed_up.wait_for_faces(1)
    (expected,) = expected_faces("images/orientation-6.jpg")
    (drawn,) = drawn_boxes(signed_up.page)
    assert overlap(drawn, expected) > SAME_FACE  # type: ignore[arg-type]


def test_failures_are_shown_in_words(signed_up: User, image_server: str) -> None:
    for path, title in FAILURES.items():
        signed_up.submit_url(image_server + path)
        signed_up.wait_for_failure(title)
        expect(signed_up.announced).to_have_text(f"Failed. {title}.")
        expect(signed_up.rows.first).to_contain_text(title)


def test_invalid_url_is_shown_at_the_field(signed_up: User) -> None:
    signed_up.submit_url("http://127.0.0.1:1/a.jpg")
    field = signed_up.page.get_by_label("URL of an image")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("http://127.0.0.1:1/a.jpg")
    expect(signed_up.page.locator("#image_url-error")).not_to_be_empty()
    expect(signed_up.rows).to_have_count(0)


def test_file_that_is_no_image_is_shown_at_the_field(signed_up: User) -> None:
    signed_up.upload(FIXTURES / "bad" / "html.jpg")
    expect(signed_up.page.locator("#image-error")).to_contain_text("isn't an image")


def test_image_with_too_many_pixels_is_shown_at_the_field(signed_up: User) -> None:
    signed_up.upload(FIXTURES / "bad" / "bomb.png")
    expect(signed_up.page.locator("#image-error")).to_contain_text("too large")
