"""A fake API for each test, and a user who is signed in."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.fake_api import FakeApi
from tests.fake_server import serve
from tests.places import expected_faces
from tests.user import PASSWORD, User

SCORES = (0.98, 0.93, 0.71)


@pytest.fixture
def fake() -> Iterator[FakeApi]:
    with serve() as fake:
        boxes = expected_faces("images/group.jpg")
        fake.detections = [
            {"label": "face", "score": score, "box": box}
            for score, box in zip(SCORES, boxes, strict=True)
        ]
        yield fake


@pytest.fixture
def site_url(fake: FakeApi) -> str:
    return fake.base_url


@pytest.fixture
def signed_in(fake: FakeApi, user: User) -> User:
    """Return a user with an account, signed in, once the page's first requests are answered.

    Otherwise one of them could take a refusal that the test means for a later request.
    """
    fake.accounts[user.email] = PASSWORD
    with user.page.expect_response("**/api/v1/account"):
        user.sign_in()
    expect(user.page.get_by_text("Nothing yet.")).to_be_visible()
    return user
