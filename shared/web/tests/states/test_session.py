"""Expired sessions, refused sign-ins, and an unavailable network."""

from playwright.sync_api import Page, expect

from tests.fake_api import FakeApi, Refusal
from tests.places import GROUP
from tests.user import PASSWORD, User


def test_expired_token_shows_sign_in_and_loses_nothing(fake: FakeApi, signed_in: User) -> None:
    page = signed_in.page
    signed_in.choose(GROUP)
    fake.expire_tokens()
    signed_in.button("Find the faces").click()
    expect(page.get_by_text("Your session has ended.")).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value(signed_in.email)
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    signed_in.button("Sign in").click()
    signed_in.wait_for_faces(3)  # the interrupted request was sent again
    first, second = fake.calls("POST /submissions")
    assert first == second


def test_expired_token_while_following_goes_on_after_signing_in(
    fake: FakeApi, signed_in: User
) -> None:
    fake.finishes = False
    signed_in.upload(GROUP)
    expect(signed_in.rows).to_have_count(1)
    fake.expire_tokens()
    fake.finishes = True
    expect(signed_in.page.get_by_text("Your session has ended.")).to_be_visible()
    signed_in.sign_in()
    signed_in.wait_for_faces(3)


def test_another_account_sees_nothing_of_the_one_before(fake: FakeApi, signed_in: User) -> None:
    page = signed_in.page
    signed_in.choose(GROUP)
    fake.expire_tokens()
    signed_in.button("Find the faces").click()
    expect(page.get_by_text("Your session has ended.")).to_be_visible()
    other = User(page)
    fake.accounts[other.email] = PASSWORD
    fake.move(fake.add(), "succeeded")
    other.sign_in()
    expect(page.locator("#who-email")).to_have_text(other.email)
    expect(page.get_by_text("group.jpg")).to_have_count(0)
    expect(other.rows).to_have_count(1)  # the list is loaded again
    assert len(fake.stored) == 1  # the interrupted request isn't sent as another account


def test_token_known_to_be_over_is_not_sent(fake: FakeApi, signed_in: User) -> None:
    page = signed_in.page
    page.evaluate("""() => {
      const account = JSON.parse(sessionStorage.session);
      sessionStorage.session = JSON.stringify({ ...account, expiresAt: 1 });
    }""")
    received = len(fake.requests)
    page.reload()
    expect(page.get_by_text("Your session has ended.")).to_be_visible()
    assert len(fake.requests) == received


def test_token_that_ends_while_the_page_is_open_is_not_sent(fake: FakeApi, user: User) -> None:
    fake.accounts[user.email] = PASSWORD
    fake.expires_in = 6  # the page stops using it 5 seconds before its end
    user.sign_in()
    expect(user.page.get_by_text("Nothing yet.")).to_be_visible()
    user.page.wait_for_timeout(1_100)
    user.upload(GROUP)
    expect(user.page.get_by_text("Your session has ended.")).to_be_visible()
    assert fake.calls("POST /submissions") == []


def test_too_many_failed_sign_ins(fake: FakeApi, user: User) -> None:
    fake.refuse("POST /tokens", Refusal(429, "too-many-requests", retry_after=120))
    user.sign_in("a wrong password")
    expect(user.page.get_by_role("alert")).to_contain_text("Try again in 2 minutes.")


def test_too_many_accounts_from_one_network(fake: FakeApi, user: User) -> None:
    fake.refuse("POST /accounts", Refusal(429, "too-many-requests", retry_after=1800))
    user.button("Create an account").click()
    user.fill_in(user.email, PASSWORD)
    user.button("Create account").click()
    alert = user.page.get_by_role("alert")
    expect(alert).to_contain_text("Too many new accounts from your network")
    expect(alert).to_contain_text("Try again in 30 minutes.")
    assert fake.calls("POST /tokens") == []


def test_service_away_when_signing_in(fake: FakeApi, user: User) -> None:
    fake.accounts[user.email] = PASSWORD
    fake.refuse("POST /tokens", Refusal(503))
    user.sign_in()
    expect(user.page.get_by_role("alert")).to_contain_text("busy or away")
    expect(user.page.get_by_label("Password", exact=True)).to_have_value(PASSWORD)
    user.button("Sign in").click()
    expect(user.button("Sign out")).to_be_visible()


def test_signed_up_but_not_in_signs_in_the_second_time(fake: FakeApi, user: User) -> None:
    fake.refuse("POST /tokens", Refusal(503))
    user.button("Create an account").click()
    user.fill_in(user.email, PASSWORD)
    user.button("Create account").click()
    expect(user.page.get_by_role("alert")).to_contain_text("busy or away")
    user.button("Sign in").click()
    expect(user.button("Sign out")).to_be_visible()
    assert len(fake.calls("POST /accounts")) == 1


def test_missing_values_are_shown_at_each_field(fake: FakeApi, user: User) -> None:
    user.button("Create an account").click()
    user.fill_in("ada", "short")
    user.button("Create account").click()
    page = user.page
    expect(page.get_by_label("Email")).to_have_accessible_description("Enter your email address.")
    expect(page.get_by_label("Email")).to_be_focused()
    expect(page.get_by_label("Password", exact=True)).to_have_accessible_description(
        "At least 10 characters, and not a common one. Use at least 10 characters."
    )
    assert fake.requests == []


def test_password_can_be_shown(page: Page, user: User) -> None:
    field = page.get_by_label("Password", exact=True)
    field.fill(PASSWORD)
    user.button("Show password").click()
    expect(field).to_have_attribute("type", "text")
    user.button("Hide password").click()
    expect(field).to_have_attribute("type", "password")


def test_list_that_cannot_be_loaded_can_be_retried(fake: FakeApi, signed_in: User) -> None:
    page = signed_in.page
    fake.move(fake.add(), "succeeded")
    fake.refuse("GET /submissions", Refusal(503))
    page.reload()
    expect(page.locator("#past-trouble")).to_contain_text("busy or away")
    signed_in.button("Try again").click()
    expect(signed_in.rows).to_have_count(1)
    expect(page.locator("#past-trouble")).to_be_hidden()
    expect(page.locator("#count")).to_have_text("1")
    expect(page.locator("#count")).to_be_visible()


def test_offline_is_shown_and_polling_continues_afterwards(fake: FakeApi, signed_in: User) -> None:
    page = signed_in.page
    fake.finishes = False
    signed_in.upload(GROUP)
    expect(signed_in.rows).to_have_count(1)
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline.")).to_be_visible()
    expect(signed_in.opened.get_by_text("can't be reached")).to_be_visible()
    fake.move(fake.only(), "succeeded")
    page.context.set_offline(False)
    expect(page.get_by_text("You are offline.")).to_be_hidden()
    signed_in.wait_for_faces(3)


def test_failed_delete_is_shown_and_nothing_is_lost(fake: FakeApi, signed_in: User) -> None:
    signed_in.upload(GROUP)
    signed_in.wait_for_faces(3)
    fake.refuse("DELETE /submissions/ID", Refusal(503))
    signed_in.delete_opened("Delete")
    expect(signed_in.opened.get_by_text("It could not be deleted.")).to_be_visible()
    expect(signed_in.rows).to_have_count(1)
    signed_in.delete_opened("Delete")
    expect(signed_in.rows).to_have_count(0)
