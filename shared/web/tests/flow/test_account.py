"""Sign-up, sign-in and sign-out."""

from playwright.sync_api import Page, expect

from tests.user import PASSWORD, User


def test_sign_up_signs_in_and_sign_out_leaves_nothing(signed_up: User) -> None:
    page = signed_up.page
    expect(page.locator("#who-email")).to_have_text(signed_up.email)
    expect(page.get_by_text("Nothing yet.")).to_be_visible()
    signed_up.button("Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0
    page.reload()
    expect(signed_up.button("Sign in")).to_be_visible()


def test_wrong_password_is_shown_at_the_field(signed_up: User) -> None:
    signed_up.button("Sign out").click()
    signed_up.sign_in("not the password")
    field = signed_up.page.get_by_label("Password", exact=True)
    expect(field).to_have_accessible_description("The email or the password is wrong.")
    expect(field).to_be_focused()
    signed_up.sign_in(PASSWORD)
    expect(signed_up.button("Sign out")).to_be_visible()


def test_taken_email_is_shown_at_the_field_with_a_way_on(signed_up: User) -> None:
    page = signed_up.page
    signed_up.button("Sign out").click()
    signed_up.button("Create an account").click()
    signed_up.fill_in(signed_up.email.upper(), PASSWORD)
    signed_up.button("Create account").click()
    expect(page.get_by_label("Email")).to_have_accessible_description(
        "There is an account with this email already."
    )
    signed_up.button("Sign in instead").click()
    expect(page.get_by_label("Email")).to_have_value(signed_up.email.upper())
    signed_up.page.get_by_label("Password", exact=True).fill(PASSWORD)
    signed_up.button("Sign in").click()
    expect(signed_up.button("Sign out")).to_be_visible()


def test_common_password_is_refused_in_words(user: User) -> None:
    user.button("Create an account").click()
    user.fill_in(user.email, "password123")
    user.button("Create account").click()
    expect(user.page.locator("#password-error")).not_to_be_empty()
    expect(user.page.get_by_label("Password", exact=True)).to_have_attribute("aria-invalid", "true")


def test_reload_keeps_the_session_and_another_tab_has_none(signed_up: User, page: Page) -> None:
    page.reload()
    expect(page.locator("#who-email")).to_have_text(signed_up.email)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
