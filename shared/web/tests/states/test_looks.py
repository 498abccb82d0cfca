"""Every state in light and dark, wide and narrow; and by keyboard alone."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.fake_api import FakeApi
from tests.tour import tour
from tests.user import PASSWORD, Scheme, User, open_page
from tests.watch import Watch

AUDIT = Path(__file__).parents[1].joinpath("audit.js").read_text()
LEAST_CHANGE = 100  # of the three channels' sum, 0 to 765: light and dark are far apart


@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 375), ("dark", 320)]
)
def test_every_state_can_be_read_and_used(
    browser: Browser, fake: FakeApi, scheme: Scheme, width: int
) -> None:
    watch = Watch()
    faults = []
    with open_page(browser, fake.base_url, watch, scheme=scheme, width=width) as page:
        page.goto(fake.base_url)
        for state in tour(fake, User(page)):
            faults += [f"{state}: {fault}" for fault in page.evaluate(AUDIT)]
    assert not faults, "\n".join(faults)
    assert watch.faults == []


def test_audit_sees_what_is_wrong(page: Page) -> None:
    page.evaluate("""() => {
      const form = document.getElementById('sign-in-form');
      document.querySelector('label[for=email]').remove();
      document.getElementById('sign-in-title').style.color = '#aaa';
      document.querySelector('.brand img').removeAttribute('alt');
      form.style.width = '3000px';
      form.style.maxWidth = 'none';
      form.insertAdjacentHTML('beforeend', '<h4 id="email">x</h4><button></button>');
    }""")
    faults = " | ".join(page.evaluate(AUDIT))
    for expected in (
        "no label: email",
        "contrast 2.32: <h2 sign-in-title>",
        "an image without a text",
        "scrolls sideways",
        "level 4 comes too soon",
        "id email is there twice",
        "no name: <button",
    ):
        assert expected in faults


def test_dark_is_dark(browser: Browser, fake: FakeApi) -> None:
    sums = {}
    schemes: tuple[Scheme, Scheme] = ("light", "dark")
    for scheme in schemes:
        with open_page(browser, fake.base_url, Watch(), scheme=scheme) as page:
            page.goto(fake.base_url)
            colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
            sums[scheme] = sum(int(part) for part in colour[4:-1].split(","))
    assert sums["light"] > 765 - LEAST_CHANGE
    assert sums["dark"] < LEAST_CHANGE


def test_little_motion_is_kept_to(browser: Browser, fake: FakeApi, signed_in: User) -> None:
    fake.finishes = False
    signed_in.submit_url("https://example.org/a.jpg")
    expect(signed_in.opened.get_by_text("Waiting for its turn")).to_be_visible()
    assert signed_in.page.evaluate("document.getAnimations().length") == 0


def focused(page: Page) -> str:
    """Return the name of the focused element; fail if its focus is not visible."""
    name, outline = page.evaluate("""() => {
      const at = document.activeElement;
      const shown = at.type === 'file' ? at.closest('.drop') : at;
      const label = at.labels?.[0]?.textContent ?? at.textContent;
      return [label.trim(), getComputedStyle(shown).outlineStyle];
    }""")
    assert outline == "solid", f"the focus on {name} is not visible"
    return str(name)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the named element has the focus."""
    passed = []
    for _ in range(25):
        page.keyboard.press("Tab")
        passed.append(focused(page))
        if passed[-1].startswith(name):
            return
    pytest.fail(f"Tab doesn't reach {name}, only {passed}")


def test_everything_by_keyboard(fake: FakeApi, page: Page, user: User) -> None:
    fake.accounts[user.email] = PASSWORD
    keys = page.keyboard
    keys.type(user.email)  # the first field has the focus
    tab_to(page, "Password")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(user.button("Sign out")).to_be_visible()
    tab_to(page, "Choose an image")
    tab_to(page, "URL of an image")
    keys.type("https://example.org/a.jpg")
    keys.press("Enter")
    user.wait_for_faces(3)
    expect(page.get_by_role("heading", name="a.jpg")).to_be_focused()
    tab_to(page, "Delete")
    tab_to(page, "1Face 1")
    keys.press("Space")
    expect(page.locator(".frame.marked")).to_have_count(1)
    tab_to(page, "3a.jpg")
    keys.press("Shift+Tab")
    for _ in range(3):
        keys.press("Shift+Tab")
    expect(user.opened.get_by_role("button", name="Delete")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    user.wait_for_faces(3)
    expect(user.opened.get_by_role("button", name="Delete")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    tab_to(page, "Delete")
    keys.press("Enter")
    expect(user.rows).to_have_count(0)
    expect(page.get_by_role("heading", name="Past submissions")).to_be_focused()


def test_skip_link_leads_past_the_head(signed_in: User) -> None:
    page = signed_in.page
    signed_in.submit_url("https://example.org/a.jpg")
    signed_in.wait_for_faces(3)
    url = page.url
    page.get_by_role("link", name="Skip to the content").press("Enter")
    expect(page.locator("main")).to_be_focused()
    assert page.url == url


def test_on_a_telephone_what_is_opened_comes_into_view(fake: FakeApi, signed_in: User) -> None:
    page = signed_in.page
    page.set_viewport_size({"width": 375, "height": 700})
    signed_in.submit_url("https://example.org/a.jpg")
    signed_in.wait_for_faces(3)
    image = signed_in.opened.get_by_role("img")
    expect(image).to_be_in_viewport(ratio=0.7)
    signed_in.rows.first.scroll_into_view_if_needed()
    page.goto(f"{fake.base_url}/#")
    signed_in.rows.first.click()
    expect(image).to_be_in_viewport(ratio=0.7)
