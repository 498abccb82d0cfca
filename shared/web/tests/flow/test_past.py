"""Past submissions: open, page, delete."""

from playwright.sync_api import expect

from tests.places import GROUP, PORTRAIT
from tests.user import User

MORE_THAN_A_PAGE = 12
WORKED_THROUGH_MS = 60_000

# Submits one image several times through the API, with the page's own token
SUBMIT = """async ([count, url]) => {
  const token = JSON.parse(sessionStorage.session).token;
  for (let n = 0; n < count; n += 1) {
    const answer = await fetch('/api/v1/submissions', {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ image_url: url }),
    });
    if (answer.status !== 202) throw new Error(answer.status);
  }
}"""


def test_opening_an_earlier_one_and_going_back(signed_up: User) -> None:
    page = signed_up.page
    signed_up.upload(GROUP)
    signed_up.wait_for_faces(3)
    signed_up.upload(PORTRAIT)
    signed_up.wait_for_faces(1)
    expect(signed_up.rows).to_have_count(2)
    expect(page.locator("#count")).to_have_text("2")
    signed_up.rows.nth(1).click()
    signed_up.wait_for_faces(3)
    expect(signed_up.rows.nth(1)).to_have_attribute("aria-current", "true")
    page.go_back()
    signed_up.wait_for_faces(1)
    page.reload()
    signed_up.wait_for_faces(1)


def test_more_than_a_page(signed_up: User, image_server: str) -> None:
    page = signed_up.page
    url = f"{image_server}/files/images/one-pixel.png"
    page.evaluate(SUBMIT, [MORE_THAN_A_PAGE, url])
    page.reload()
    expect(signed_up.rows).to_have_count(10)
    signed_up.button("Show more").click()
    expect(signed_up.rows).to_have_count(MORE_THAN_A_PAGE)
    expect(signed_up.button("Show more")).to_be_hidden()
    expect(signed_up.rows.nth(10)).to_be_focused()
    links = {row.get_attribute("href") for row in signed_up.rows.all()}
    assert len(links) == MORE_THAN_A_PAGE
    # Submissions that weren't final when the list was loaded are updated
    done = page.locator(".row.succeeded")
    expect(done).to_have_count(MORE_THAN_A_PAGE, timeout=WORKED_THROUGH_MS)


def test_deleting_is_confirmed_first(signed_up: User) -> None:
    page = signed_up.page
    signed_up.upload(PORTRAIT)
    signed_up.wait_for_faces(1)
    signed_up.delete_opened("Keep it")
    signed_up.wait_for_faces(1)
    with page.expect_response(lambda response: response.request.method == "DELETE") as answered:
        signed_up.delete_opened("Delete")
    assert answered.value.status == 204
    expect(signed_up.rows).to_have_count(0)
    expect(signed_up.announced).to_have_text("The submission is deleted.")
    expect(page.get_by_text("Nothing yet.")).to_be_visible()
    token = page.evaluate("JSON.parse(sessionStorage.session).token")
    gone = page.request.get(answered.value.url, headers={"Authorization": f"Bearer {token}"})
    assert gone.status == 404


def test_link_to_another_accounts_submission_opens_nothing(signed_up: User) -> None:
    page = signed_up.page
    signed_up.upload(PORTRAIT)
    signed_up.wait_for_faces(1)
    link = page.url
    signed_up.button("Sign out").click()
    stranger = User(page)
    page.goto(link)
    stranger.sign_up()
    expect(stranger.announced).to_have_text("This submission is not there any more.")
    expect(page.locator(".frame")).to_have_count(0)
