"""The Idempotency-Key of POST /submissions."""

from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
from support.client import PARALLEL, Account, Api, problem
from support.images import small_image


@pytest.fixture
def key() -> str:
    return uuid4().hex


@pytest.fixture(scope="module")
def url(image_server: str) -> str:
    return f"{image_server}/files/bad/html.jpg"


def listed(api: Api, account: Account) -> list[str]:
    items = api.get("/submissions", by=account, params={"limit": 100}).json()["items"]
    return [item["id"] for item in items]


def test_the_first_response_is_no_replay(api: Api, account: Account, url: str, key: str) -> None:
    response = api.submit_url(url, by=account, key=key)
    assert response.status_code == 202
    assert "Idempotent-Replayed" not in response.headers


def test_a_repeated_request_gets_the_first_response(
    api: Api, account: Account, url: str, key: str
) -> None:
    first = api.submit_url(url, by=account, key=key)
    again = api.submit_url(url, by=account, key=key)
    assert again.status_code == 202
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    assert again.json() == first.json()


def test_the_first_response_stays_when_the_submission_moves_on(
    api: Api, account: Account, url: str, key: str
) -> None:
    first = api.submit_url(url, by=account, key=key)
    api.final(first.json()["id"], by=account)
    again = api.submit_url(url, by=account, key=key)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()


def test_a_replay_makes_nothing(api: Api, account: Account, url: str, key: str) -> None:
    api.submit_url(url, by=account, key=key)
    before = listed(api, account)
    api.submit_url(url, by=account, key=key)
    assert listed(api, account) == before


def test_another_url_with_the_key_is_refused(
    api: Api, account: Account, url: str, key: str
) -> None:
    api.submit_url(url, by=account, key=key)
    response = api.submit_url(f"{url}?other", by=account, key=key)
    problem(response, 422, "idempotency-key-reused")


def test_a_refused_reuse_keeps_the_first_response(
    api: Api, account: Account, url: str, key: str
) -> None:
    first = api.submit_url(url, by=account, key=key)
    api.submit_url(f"{url}?other", by=account, key=key)
    assert api.submit_url(url, by=account, key=key).json() == first.json()


def test_an_upload_is_replayed_by_its_bytes(api: Api, account: Account, key: str) -> None:
    """The boundary differs each time, and the file's name is ignored."""
    first = api.submit_upload(small_image(10), by=account, key=key, name="a.jpg")
    again = api.submit_upload(small_image(10), by=account, key=key, name="b.png")
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()


def test_another_upload_with_the_key_is_refused(api: Api, account: Account, key: str) -> None:
    api.submit_upload(small_image(11), by=account, key=key)
    response = api.submit_upload(small_image(12), by=account, key=key)
    problem(response, 422, "idempotency-key-reused")


def test_an_upload_with_the_key_of_a_url_is_refused(
    api: Api, account: Account, url: str, key: str
) -> None:
    api.submit_url(url, by=account, key=key)
    response = api.submit_upload(small_image(13), by=account, key=key)
    problem(response, 422, "idempotency-key-reused")


def test_another_account_has_keys_of_its_own(
    api: Api, account: Account, stranger: Account, url: str, key: str
) -> None:
    first = api.submit_url(url, by=account, key=key)
    other = api.submit_url(url, by=stranger, key=key)
    assert other.status_code == 202
    assert "Idempotent-Replayed" not in other.headers
    assert other.json()["id"] != first.json()["id"]


def test_without_a_key_each_request_counts(api: Api, account: Account, url: str) -> None:
    first, second = (api.submit_url(url, by=account) for _ in range(2))
    assert first.json()["id"] != second.json()["id"]


def test_keys_differ_by_letter_case(api: Api, account: Account, url: str, key: str) -> None:
    first = api.submit_url(url, by=account, key=f"a{key}")
    second = api.submit_url(url, by=account, key=f"A{key}")
    assert first.json()["id"] != second.json()["id"]


@pytest.mark.parametrize(
    "form",
    ["{}", '"{}"', "{} with spaces", "{}/../x", "{};DROP TABLE", "{:x<255}"],
    ids=["plain", "quoted", "spaces", "path", "semicolon", "255-characters"],
)
def test_any_text_up_to_255_characters_is_a_key(
    api: Api, account: Account, url: str, key: str, form: str
) -> None:
    first = api.submit_url(url, by=account, key=form.format(key))
    again = api.submit_url(url, by=account, key=form.format(key))
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["id"] == again.json()["id"]


def test_a_key_of_256_characters_is_refused(api: Api, account: Account, url: str) -> None:
    response = api.submit_url(url, by=account, key="x" * 256)
    assert "Idempotency-Key" in problem(response, 422, "invalid")["errors"]


def at_once(api: Api, account: Account, key: str, bodies: list[Any]) -> list[Any]:
    headers = {"Idempotency-Key": key}
    call = {"method": "POST", "path": "/api/v1/submissions", "by": account, "headers": headers}
    return api.together([call | body for body in bodies])


def test_50_at_once_with_one_key_make_one_submission(
    api: Api, account: Account, url: str, key: str
) -> None:
    responses = at_once(api, account, key, [{"json": {"image_url": url}}] * PARALLEL)
    assert {response.status_code for response in responses} <= {202, 409}
    ids = {response.json()["id"] for response in responses if response.status_code == 202}
    assert len(ids) == 1
    assert Counter(listed(api, account))[ids.pop()] == 1
    first = [
        a for a in responses if a.status_code == 202 and "Idempotent-Replayed" not in a.headers
    ]
    assert len(first) == 1


def test_50_at_once_make_one_row(api: Api, account: Account, url: str, key: str) -> None:
    before = len(listed(api, account))
    at_once(api, account, key, [{"json": {"image_url": url}}] * PARALLEL)
    assert len(listed(api, account)) == before + 1


def test_20_uploads_at_once_with_one_key_make_one_submission(
    api: Api, account: Account, key: str
) -> None:
    files = {"image": ("a.jpg", small_image(14))}
    responses = at_once(api, account, key, [{"files": files}] * 20)
    assert {response.status_code for response in responses} <= {202, 409}
    ids = {response.json()["id"] for response in responses if response.status_code == 202}
    assert len(ids) == 1


def test_20_at_once_with_one_key_and_two_bodies_make_one_submission(
    api: Api, account: Account, url: str, key: str
) -> None:
    bodies = [{"json": {"image_url": f"{url}?{number % 2}"}} for number in range(20)]
    responses = at_once(api, account, key, bodies)
    assert {response.status_code for response in responses} <= {202, 409, 422}
    ids = {response.json()["id"] for response in responses if response.status_code == 202}
    assert len(ids) == 1


def test_20_at_once_with_as_many_keys_make_as_many_submissions(
    api: Api, stranger: Account, url: str
) -> None:
    calls = [
        {
            "method": "POST",
            "path": "/api/v1/submissions",
            "by": stranger,
            "json": {"image_url": url},
            "headers": {"Idempotency-Key": uuid4().hex},
        }
        for _ in range(20)
    ]
    assert len({response.json()["id"] for response in api.together(calls)}) == 20
