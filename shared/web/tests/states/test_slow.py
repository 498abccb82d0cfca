"""Slow lines: an upload and an image may take minutes."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.fake_api import FakeApi
from tests.places import CADDYFILE, GROUP
from tests.user import User

PIECES = 6
PIECE_MS = 20_000
SILENCE_MS = 30_000  # after which the page gives up
POLL_MS = 1_000  # the page pauses after a fast response

IN_PIECES = Path(__file__).parents[1].joinpath("in_pieces.js").read_text()
UNTIL_READ = "(piece) => window.untilRead(piece)"


def stop_clock(page: Page) -> None:
    """Stop the page's clock: only the test moves it, however long the browser takes."""
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 100)


def upload_in_pieces(user: User, received: int) -> None:
    """Upload an image of which the page then receives so many pieces."""
    user.page.evaluate(IN_PIECES, [PIECES, received, PIECE_MS])
    user.upload(GROUP)
    expect(user.announced).to_have_text("3 faces found.")
    user.page.clock.run_for(POLL_MS)


def test_image_that_takes_minutes_is_shown_and_its_faces_are_listed_before(
    signed_in: User,
) -> None:
    page = signed_in.page
    stop_clock(page)
    upload_in_pieces(signed_in, PIECES)
    signed_in.wait_for_faces(3)
    framed = signed_in.opened.get_by_role("img", name="3 faces framed")
    for piece in range(PIECES):
        page.evaluate(UNTIL_READ, piece)
        expect(framed).to_have_count(0)
        page.clock.run_for(PIECE_MS)
    expect(framed).to_be_visible()


def test_image_of_which_nothing_more_comes_can_be_retried(signed_in: User) -> None:
    page = signed_in.page
    stop_clock(page)
    upload_in_pieces(signed_in, 1)
    page.evaluate(UNTIL_READ, 0)
    page.clock.run_for(PIECE_MS)
    page.evaluate(UNTIL_READ, 1)
    page.clock.run_for(SILENCE_MS)
    expect(signed_in.opened.get_by_text("can't be shown")).to_be_visible()
    signed_in.wait_for_faces(3)
    signed_in.opened.get_by_role("button", name="Try again").click()
    expect(signed_in.opened.get_by_role("img", name="3 faces framed")).to_be_visible()
    expect(signed_in.opened.get_by_text("can't be shown")).to_be_hidden()


def test_upload_may_take_as_long_as_the_edge_lets_it(fake: FakeApi, signed_in: User) -> None:
    allowed = re.search(r"read_body (\d+)s", CADDYFILE.read_text())
    assert allowed
    page = signed_in.page
    stop_clock(page)
    hold = fake.hold("POST /submissions")
    signed_in.upload(GROUP)
    hold.wait()
    page.clock.run_for(int(allowed[1]) * 1000)
    expect(signed_in.button("Sending…")).to_be_visible()
    page.clock.resume()
    hold.released.set()
    signed_in.wait_for_faces(3)
