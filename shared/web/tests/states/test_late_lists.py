"""Lists of past submissions that arrive after something newer is known."""

from playwright.sync_api import expect

from tests.fake_api import FakeApi
from tests.user import User

LIST = "GET /submissions"
POLL_MS = 4_000


def test_deleted_one_is_not_brought_back(fake: FakeApi, signed_in: User) -> None:
    page = signed_in.page
    fake.finishes = False
    unfinished = fake.add()
    fake.move(fake.add(), "succeeded")
    page.clock.install()
    page.reload()
    signed_in.rows.first.click()
    signed_in.wait_for_faces(3)
    fake.move(unfinished, "processing")
    hold = fake.hold(LIST)
    page.clock.run_for(POLL_MS)
    hold.wait()
    signed_in.delete_opened("Delete")
    expect(signed_in.rows).to_have_count(1)
    hold.released.set()
    expect(signed_in.rows.last).to_contain_text("Looking for faces")  # the list has arrived
    assert signed_in.rows.count() == 1


def test_final_state_is_not_undone(fake: FakeApi, signed_in: User) -> None:
    page = signed_in.page
    fake.finishes = False
    first, second = fake.add(), fake.add()
    page.clock.install()
    page.reload()
    expect(signed_in.rows).to_have_count(2)
    fake.move(second, "processing")
    hold = fake.hold(LIST)
    page.clock.run_for(POLL_MS)
    hold.wait()
    fake.move(first, "succeeded")
    signed_in.rows.last.click()
    signed_in.wait_for_faces(3)
    expect(signed_in.rows.last).to_contain_text("3 faces")
    hold.released.set()
    expect(signed_in.rows.first).to_contain_text("Looking for faces")  # the list has arrived
    assert "3 faces" in signed_in.rows.last.inner_text()
