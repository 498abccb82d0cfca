"""GET /submissions: order, pages, cursors."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.client import Account, Api, problem

COUNT = 25


@pytest.fixture(scope="module")
def url(image_server: str) -> str:
    return f"{image_server}/files/bad/html.jpg"


@pytest.fixture(scope="module")
def submitted(api: Api, account: Account, url: str) -> list[str]:
    """Return the account's submissions, oldest first."""
    return [api.submit_url(url, by=account).json()["id"] for _ in range(COUNT)]


def page(api: Api, account: Account, **params: Any) -> Any:
    return api.get("/submissions", by=account, params=params).json()


def pages(api: Api, account: Account, limit: int) -> Iterator[list[str]]:
    cursor: dict[str, Any] = {}
    while True:
        body = page(api, account, limit=limit, **cursor)
        assert len(body["items"]) <= limit
        yield [item["id"] for item in body["items"]]
        if body["next_cursor"] is None:
            return
        cursor = {"cursor": body["next_cursor"]}


def ids(api: Api, account: Account, limit: int = 100) -> list[str]:
    return [submission_id for found in pages(api, account, limit) for submission_id in found]


def test_a_new_account_has_an_empty_list(api: Api, new_account: Callable[[str], Account]) -> None:
    assert page(api, new_account("empty")) == {"items": [], "next_cursor": None}


def test_the_newest_comes_first(api: Api, account: Account, submitted: list[str]) -> None:
    assert ids(api, account) == submitted[::-1]


def test_times_fall(api: Api, account: Account, submitted: list[str]) -> None:
    times = [item["created_at"] for item in page(api, account, limit=100)["items"]]
    assert times == sorted(times, reverse=True)


def test_an_item_is_the_submission_as_it_is_read_alone(
    api: Api, account: Account, submitted: list[str]
) -> None:
    api.final(submitted[0], by=account)
    item = page(api, account, limit=100)["items"][-1]
    assert item == api.get(f"/submissions/{submitted[0]}", by=account).json()


def test_there_are_20_on_a_page_by_default(
    api: Api, account: Account, submitted: list[str]
) -> None:
    body = page(api, account)
    assert [item["id"] for item in body["items"]] == submitted[::-1][:20]
    assert body["next_cursor"]


@pytest.mark.parametrize("limit", [1, 4, 5, 24, 25, 26, 100])
def test_all_pages_together_are_the_list(
    api: Api, account: Account, submitted: list[str], limit: int
) -> None:
    assert ids(api, account, limit) == submitted[::-1]


def test_every_page_but_the_last_is_full(api: Api, account: Account, submitted: list[str]) -> None:
    sizes = [len(found) for found in pages(api, account, 10)]
    assert sizes == [10, 10, 5]


def test_a_cursor_may_be_used_again(api: Api, account: Account, submitted: list[str]) -> None:
    cursor = page(api, account, limit=10)["next_cursor"]
    first, again = (page(api, account, limit=10, cursor=cursor) for _ in range(2))
    assert [i["id"] for i in first["items"]] == [i["id"] for i in again["items"]]


def test_a_cursor_goes_with_another_limit(api: Api, account: Account, submitted: list[str]) -> None:
    cursor = page(api, account, limit=10)["next_cursor"]
    rest = page(api, account, limit=100, cursor=cursor)
    assert [item["id"] for item in rest["items"]] == submitted[::-1][10:]


def test_pages_have_no_gap_and_nothing_twice_while_others_come(
    api: Api, new_account: Callable[[str], Account], url: str
) -> None:
    busy = new_account("busy")
    before = [api.submit_url(url, by=busy).json()["id"] for _ in range(9)]
    seen = []
    for found in pages(api, busy, 2):
        seen += found
        api.submit_url(url, by=busy)
    assert seen == before[::-1]


def test_pages_have_no_gap_while_others_go(
    api: Api, new_account: Callable[[str], Account], url: str
) -> None:
    busy = new_account("busy")
    before = [api.submit_url(url, by=busy).json()["id"] for _ in range(9)]
    found_pages = pages(api, busy, 3)
    seen = next(found_pages)
    # The one that the cursor points at, one before it, one after it
    gone = [seen[2], seen[0], before[::-1][4]]
    for submission_id in gone:
        assert api.delete(f"/submissions/{submission_id}", by=busy).status_code == 204
    seen += [submission_id for found in found_pages for submission_id in found]
    assert seen == [submission_id for submission_id in before[::-1] if submission_id != gone[2]]


def test_a_cursor_of_another_account_shows_nothing_of_it(
    api: Api, account: Account, submitted: list[str], new_account: Callable[[str], Account]
) -> None:
    cursor = page(api, account, limit=10)["next_cursor"]
    nosy = new_account("nosy")
    response = api.get("/submissions", by=nosy, params={"cursor": cursor})
    assert response.status_code in {200, 422}
    assert not any(submission_id in response.text for submission_id in submitted)


def test_a_list_holds_nothing_of_other_accounts(
    api: Api, account: Account, submitted: list[str], stranger: Account
) -> None:
    assert not set(ids(api, stranger)) & set(submitted)


@pytest.mark.parametrize("limit", ["0", "-1", "101", "1000000000000", "abc", "", "1.5", "1e1", "٣"])
def test_a_limit_out_of_bounds_is_refused(api: Api, account: Account, limit: str) -> None:
    response = api.get("/submissions", by=account, params={"limit": limit})
    assert "limit" in problem(response, 422, "invalid")["errors"]


@pytest.mark.parametrize(
    "cursor",
    ["x", "0", "-1", "null", "bm90IGEgY3Vyc29y", "%00", "\x00", "' OR 1=1 --", "{}", "🦒",
     "a" * 501],
    ids=["letter", "zero", "negative", "null", "base64", "percent", "nul", "sql", "json", "emoji",
         "long"],
)  # fmt: skip
def test_a_cursor_that_is_none_is_refused(api: Api, account: Account, cursor: str) -> None:
    response = api.get("/submissions", by=account, params={"cursor": cursor})
    assert "cursor" in problem(response, 422, "invalid")["errors"]


def test_a_cursor_that_was_meddled_with_breaks_nothing(
    api: Api, account: Account, submitted: list[str]
) -> None:
    cursor = page(api, account, limit=10)["next_cursor"]
    for meddled in (cursor[:-1], cursor[1:], cursor[::-1], cursor + cursor, cursor.swapcase()):
        response = api.get("/submissions", by=account, params={"cursor": meddled})
        assert response.status_code in {200, 422}


def test_the_account_counts_its_submissions(
    api: Api, account: Account, submitted: list[str]
) -> None:
    assert api.get("/account", by=account).json()["submission_count"] == COUNT


@pytest.mark.parametrize(
    "path", ["/submissions", "/submissions/01890000-0000-7000-8000-000000000000"]
)
def test_a_query_of_too_many_parameters(api: Api, account: Account, path: str) -> None:
    problem(api.get(f"{path}?{'&' * 1100}", by=account), 422, "invalid")
