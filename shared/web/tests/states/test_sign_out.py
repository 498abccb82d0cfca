"""Signing out ends the account's requests: the next account neither sends nor sees them."""

import pytest
from playwright.sync_api import Page, expect

from tests.fake_api import FakeApi, Refusal
from tests.places import GROUP
from tests.user import PASSWORD, User

DELETE = "DELETE /submissions/ID"
POST = "POST /submissions"
URL = "https://example.org/crew.jpg"

# Requests a token without an account; `outcome` is what comes of it.
WITHOUT_ACCOUNT = """async () => {
  const { Session } = await import('/js/session.js');
  window.outcome = 'it waits';
  const session = new Session({ getItem: () => null });
  session.usableToken().catch((error) => { window.outcome = error.name; });
}"""


def sign_in_as_another(fake: FakeApi, user: User) -> User:
    """Return another user, signed in on the page that the first has signed out of."""
    other = User(user.page)
    fake.accounts[other.email] = PASSWORD
    other.sign_in()
    expect(user.page.locator("#who-email")).to_have_text(other.email)
    return other


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_upload_to_be_repeated_is_not_sent_as_the_next_account(
    fake: FakeApi, signed_in: User, *, is_signed_in: bool
) -> None:
    page = signed_in.page
    page.clock.install()
    fake.refuse(POST, Refusal(409, "idempotency-in-progress", retry_after=60))
    with page.expect_response("**/api/v1/submissions"):
        signed_in.upload(GROUP)
    signed_in.button("Sign out").click()
    if is_signed_in:
        other = sign_in_as_another(fake, signed_in)
        page.clock.run_for(61_000)  # the time of the repetition
    else:
        page.clock.run_for(61_000)
        other = sign_in_as_another(fake, signed_in)
    other.submit_url(URL)
    other.wait_for_faces(3)
    first, second = fake.calls(POST)
    assert first != second
    assert fake.stored[fake.only()].view["image"]["url"] == URL


def test_upload_in_flight_neither_blocks_the_next_account_nor_shows_its_error(
    fake: FakeApi, signed_in: User
) -> None:
    hold = fake.hold(POST)
    fake.refuse(POST, Refusal(503))
    signed_in.upload(GROUP)
    hold.wait()
    signed_in.button("Sign out").click()
    other = sign_in_as_another(fake, signed_in)
    expect(other.button("Find the faces")).to_be_visible()
    hold.released.set()
    other.submit_url(URL)
    other.wait_for_faces(3)
    expect(other.page.locator("#submit-error")).to_be_hidden()


def test_refused_request_is_not_repeated_with_the_token_of_the_next_account(
    fake: FakeApi, signed_in: User
) -> None:
    signed_in.upload(GROUP)
    signed_in.wait_for_faces(3)
    fake.refuse(DELETE, Refusal(401, "unauthenticated"))
    hold = fake.hold(DELETE)
    signed_in.delete_opened("Delete")
    hold.wait()
    signed_in.button("Sign out").click()
    fake.expire_tokens()
    other = sign_in_as_another(fake, signed_in)
    hold.released.set()
    other.submit_url(URL)
    other.wait_for_faces(3)
    assert len(fake.calls(DELETE)) == 1


def test_request_without_an_account_does_not_wait_for_the_next(page: Page) -> None:
    page.evaluate(WITHOUT_ACCOUNT)
    assert page.evaluate("() => window.outcome") == "AbortError"
