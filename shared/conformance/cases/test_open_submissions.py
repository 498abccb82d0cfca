"""The limit of open submissions of one account."""

from collections.abc import Callable

from support.client import Account, Api, problem

OPEN_SUBMISSIONS_MAX = 100


def test_more_than_100_open_submissions_are_too_many(
    api: Api, new_account: Callable[[str], Account], image_server: str
) -> None:
    full = new_account("full")
    # The first keeps a worker busy; the others are retried, at little cost, so that
    # the queue is short when the case is over
    first = api.submit_url(f"{image_server}/slow?seconds=6", by=full)
    url = f"{image_server}/status/503"
    call = {"method": "POST", "path": "/api/v1/submissions", "by": full, "json": {"image_url": url}}
    taken = [first, *api.together([call] * (OPEN_SUBMISSIONS_MAX - 1))]
    assert {response.status_code for response in taken} == {202}
    refused = api.submit_url(url, by=full)
    problem(refused, 429, "too-many-requests")
    assert int(refused.headers["Retry-After"]) >= 0
    # Reads work, other accounts are not affected, and deleting makes room
    assert api.get("/submissions", by=full).status_code == 200
    other = new_account("other")
    accepted = api.submit_url(url, by=other)
    assert accepted.status_code == 202
    api.delete(f"/submissions/{accepted.json()['id']}", by=other)
    path = "/api/v1/submissions/"
    deleted = api.together(
        [{"method": "DELETE", "path": path + a.json()["id"], "by": full} for a in taken]
    )
    assert {response.status_code for response in deleted} == {204}
    again = api.submit_url(url, by=full)
    assert again.status_code == 202
    api.delete(f"/submissions/{again.json()['id']}", by=full)
