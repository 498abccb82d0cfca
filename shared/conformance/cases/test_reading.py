"""GET /submissions/{id}: ETag, `wait`, and results that are not ready."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import uuid4

import pytest
from support.client import FINAL, Account, Api, problem
from support.images import fixture

FIELDS = {
    "id", "state", "image", "detection_count", "error", "created_at", "started_at", "completed_at",
}  # fmt: skip
# How much later than `wait` a response may come
GRACE_SECONDS = 2


@pytest.fixture(scope="module")
def done(api: Api, account: Account) -> Any:
    """Return a submission that has succeeded."""
    submitted = api.submit_upload(fixture("images/portrait.jpg"), by=account).json()
    return api.final(submitted["id"], by=account)


@pytest.fixture
def slow(api: Api, account: Account, image_server: str) -> Callable[[float], str]:
    """Submit an image that takes some seconds, and return the id."""

    def submit(seconds: float) -> str:
        url = f"{image_server}/slow?seconds={seconds}&file=images/portrait.jpg"
        return str(api.submit_url(url, by=account).json()["id"])

    return submit


def timed(api: Api, account: Account, submission_id: str, **params: object) -> tuple[Any, float]:
    begun = time.monotonic()
    response = api.get(f"/submissions/{submission_id}", by=account, params=params)
    return response, time.monotonic() - begun


def test_a_submission_has_the_fields_of_the_contract(api: Api, account: Account, done: Any) -> None:
    body = api.get(f"/submissions/{done['id']}", by=account).json()
    assert body.keys() == FIELDS
    assert body["image"].keys() == {"kind", "url", "media_type", "bytes"}


def test_a_slow_submission_from_pending_to_succeeded(
    api: Api, account: Account, slow: Callable[[float], str]
) -> None:
    """One slow image shows all responses before the final state."""
    submission_id = slow(4)
    # `wait` ends at its limit, and not before
    response, seconds = timed(api, account, submission_id, wait=1)
    assert response.json()["state"] not in FINAL
    assert 0.9 <= seconds <= 1 + GRACE_SECONDS
    early_tag = response.headers["ETag"]
    # Nothing is ready
    response = api.get(f"/submissions/{submission_id}/result", by=account)
    problem(response, 409, "result-not-ready")
    assert int(response.headers["Retry-After"]) >= 0
    problem(api.get(f"/submissions/{submission_id}/image", by=account), 409, "image-not-ready")
    # `wait` ends early, as soon as the state is final
    response, seconds = timed(api, account, submission_id, wait=20)
    assert response.json()["state"] == "succeeded"
    assert seconds < 15
    assert response.headers["ETag"] != early_tag
    # Everything is ready
    assert api.get(f"/submissions/{submission_id}/result", by=account).status_code == 200
    assert api.get(f"/submissions/{submission_id}/image", by=account).status_code == 200


def test_wait_responds_soon_after_the_end(
    api: Api, account: Account, slow: Callable[[float], str]
) -> None:
    submission_id = slow(1)
    response, _ = timed(api, account, submission_id, wait=20)
    assert response.json()["state"] == "succeeded"
    completed = datetime.fromisoformat(response.json()["completed_at"])
    # Both by the target's clock; Date is in whole seconds
    sent = parsedate_to_datetime(response.headers["Date"])
    assert sent - completed < timedelta(seconds=GRACE_SECONDS)


def test_many_may_wait_for_one_submission(
    api: Api, account: Account, slow: Callable[[float], str]
) -> None:
    submission_id = slow(1.5)
    call = {
        "method": "GET",
        "path": f"/api/v1/submissions/{submission_id}",
        "by": account,
        "params": {"wait": 15},
    }
    begun = time.monotonic()
    responses = api.together([call] * 10)
    assert {response.json()["state"] for response in responses} == {"succeeded"}
    assert time.monotonic() - begun < 12


def test_others_are_served_while_some_wait(
    api: Api, account: Account, slow: Callable[[float], str]
) -> None:
    submission_id = slow(4)
    waiting = {
        "method": "GET",
        "path": f"/api/v1/submissions/{submission_id}",
        "by": account,
        "params": {"wait": 4},
    }
    reading = {"method": "GET", "path": "/api/v1/submissions", "by": account}
    begun = time.monotonic()
    calls = [waiting] * 20 + [reading] * 20
    spent: list[float] = []

    def run(call: dict[str, Any]) -> None:
        api.call(**call)
        if call is reading:
            spent.append(time.monotonic() - begun)

    with ThreadPoolExecutor(40) as pool:
        list(pool.map(run, calls))
    assert max(spent) < 3


@pytest.mark.parametrize("wait", [0, 5, 20])
def test_a_final_state_is_returned_at_once(
    api: Api, account: Account, done: Any, wait: int
) -> None:
    response, seconds = timed(api, account, done["id"], wait=wait)
    assert response.json() == done
    assert seconds < 4


@pytest.mark.parametrize("wait", ["-1", "21", "1000", "abc", "", "1.5", "NaN"])
def test_a_wait_out_of_bounds_is_refused(api: Api, account: Account, done: Any, wait: str) -> None:
    response = api.get(f"/submissions/{done['id']}", by=account, params={"wait": wait})
    assert "wait" in problem(response, 422, "invalid")["errors"]


def test_an_etag_stays_while_nothing_changes(api: Api, account: Account, done: Any) -> None:
    tags = {api.get(f"/submissions/{done['id']}", by=account).headers["ETag"] for _ in range(3)}
    assert len(tags) == 1


def conditional(api: Api, account: Account, done: Any, tag: str, **params: object) -> int:
    headers = {"If-None-Match": tag}
    response = api.get(f"/submissions/{done['id']}", by=account, headers=headers, params=params)
    return response.status_code


@pytest.mark.parametrize(
    ("form", "status"),
    [("{}", 304), ("W/{}", 304), ('"other", {}', 304), ("*", 304), ('"other"', 200),
     ('W/"other"', 200), ("", 200), ("no tag at all", 200)],
)  # fmt: skip
def test_a_known_response_is_not_sent_again(
    api: Api, account: Account, done: Any, form: str, status: int
) -> None:
    tag = api.get(f"/submissions/{done['id']}", by=account).headers["ETag"]
    strong = tag.removeprefix("W/")
    assert conditional(api, account, done, form.replace("{}", strong)) == status


def test_a_known_response_is_not_waited_for_if_it_is_final(
    api: Api, account: Account, done: Any
) -> None:
    tag = api.get(f"/submissions/{done['id']}", by=account).headers["ETag"]
    begun = time.monotonic()
    assert conditional(api, account, done, tag, wait=10) == 304
    assert time.monotonic() - begun < 9


@pytest.mark.parametrize(
    "submission_id",
    [
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "1",
        "abc",
        "null",
        "018f0000-0000-7000-8000-00000000000",
        "018f0000-0000-7000-8000-0000000000000",
        "018f0000-0000-7000-8000-00000000000g",
        "%2e%2e",
        "%F0%9F%A6%92",
        "'%20OR%201=1%20--",
    ],
)
@pytest.mark.parametrize("part", ["", "/result", "/image"])
def test_an_id_that_never_was(api: Api, account: Account, submission_id: str, part: str) -> None:
    problem(api.get(f"/submissions/{submission_id}{part}", by=account), 404, "not-found")


@pytest.mark.parametrize("part", ["", "/result", "/image"])
def test_an_id_made_up(api: Api, account: Account, part: str) -> None:
    problem(api.get(f"/submissions/{uuid4()}{part}", by=account), 404, "not-found")
