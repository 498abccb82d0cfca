"""A fake API for each test, and a user who is signed in."""

from collections.abc import Iterator

import pytest

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
    """Return a user with an account, signed in."""
    fake.accounts[user.email] = PASSWORD
    user.sign_in()
    user.button("Sign out").wait_for()
    return user
