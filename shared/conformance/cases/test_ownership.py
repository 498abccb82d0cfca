"""Submissions of another account get the same responses as unknown ones."""

import time
from typing import Any
from uuid import uuid4

import httpx
import pytest
from support.client import Account, Api, problem
from support.images import fixture

CALLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "read": ("GET", "", {}),
    "wait": ("GET", "", {"params": {"wait": 10}}),
    "condition": ("GET", "", {"headers": {"If-None-Match": "*"}}),
    "bad-wait": ("GET", "", {"params": {"wait": 99}}),
    "result": ("GET", "/result", {}),
    "image": ("GET", "/image", {}),
    "delete": ("DELETE", "", {}),
}
# These differ between any two responses
VARYING = {"date", "x-request-id"}


@pytest.fixture(scope="module", params=["succeeded", "failed", "not final"])
def foreign(request: pytest.FixtureRequest, api: Api, account: Account, image_server: str) -> Any:
    """Return a submission of another account, in each state."""
    if request.param == "succeeded":
        submitted = api.submit_upload(fixture("images/portrait.jpg"), by=account).json()
        return api.final(submitted["id"], by=account)
    if request.param == "failed":
        submitted = api.submit_url(f"{image_server}/files/bad/html.jpg", by=account).json()
        return api.final(submitted["id"], by=account)
    return api.submit_url(f"{image_server}/slow?seconds=3", by=account).json()


def send(api: Api, stranger: Account, submission_id: object, name: str) -> httpx.Response:
    method, part, options = CALLS[name]
    return api.call(method, f"/api/v1/submissions/{submission_id}{part}", by=stranger, **options)


@pytest.mark.parametrize("name", CALLS)
def test_another_account_gets_the_same_response_as_for_an_unknown_one(
    api: Api, account: Account, stranger: Account, foreign: Any, name: str
) -> None:
    begun = time.monotonic()
    theirs = send(api, stranger, foreign["id"], name)
    seconds = time.monotonic() - begun
    never = send(api, stranger, uuid4(), name)
    if name != "bad-wait":
        problem(theirs, 404, "not-found")
    assert theirs.status_code == never.status_code
    assert theirs.content == never.content
    assert list(theirs.headers) == list(never.headers)
    for header in set(theirs.headers) - VARYING:
        assert theirs.headers[header] == never.headers[header]
    assert seconds < 5
    # Nothing has changed
    assert api.get(f"/submissions/{foreign['id']}", by=account).status_code == 200


def test_a_strangers_list_and_count_are_empty(api: Api, stranger: Account, foreign: Any) -> None:
    text = api.get("/submissions", by=stranger, params={"limit": 100}).text
    assert foreign["id"] not in text
