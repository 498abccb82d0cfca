"""DELETE /submissions/{id}."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.client import Account, Api, problem
from support.images import fixture

PARTS = ["", "/result", "/image"]


@pytest.fixture
def submit(api: Api, account: Account, image_server: str) -> Callable[[str], str]:
    """Submit an image that will end in a state, and wait for that."""

    def to_state(state: str) -> str:
        if state == "succeeded":
            response = api.submit_upload(fixture("images/rgb.png"), by=account)
        elif state == "failed":
            response = api.submit_url(f"{image_server}/files/bad/html.jpg", by=account)
        else:
            response = api.submit_url(f"{image_server}/slow?seconds=2", by=account)
        submission_id = str(response.json()["id"])
        if state == "processing":
            time.sleep(0.7)
        elif state != "pending":
            assert api.final(submission_id, by=account)["state"] == state
        return submission_id

    return to_state


@pytest.mark.parametrize("state", ["succeeded", "failed", "pending", "processing"])
def test_everything_is_gone(
    api: Api, account: Account, submit: Callable[[str], str], state: str
) -> None:
    submission_id = submit(state)
    assert api.delete(f"/submissions/{submission_id}", by=account).status_code == 204
    for part in PARTS:
        response = api.get(f"/submissions/{submission_id}{part}", by=account)
        problem(response, 404, "not-found")
    problem(api.delete(f"/submissions/{submission_id}", by=account), 404, "not-found")
    assert submission_id not in api.get("/submissions", by=account).text


def test_the_list_and_the_count_shrink(
    api: Api, account: Account, submit: Callable[[str], str]
) -> None:
    kept, gone = submit("failed"), submit("failed")
    before = api.get("/account", by=account).json()["submission_count"]
    api.delete(f"/submissions/{gone}", by=account)
    assert api.get("/account", by=account).json()["submission_count"] == before - 1
    listed = [item["id"] for item in api.get("/submissions", by=account).json()["items"]]
    assert kept in listed
    assert gone not in listed


def test_it_does_not_come_back_when_the_work_ends(
    api: Api, account: Account, submit: Callable[[str], str]
) -> None:
    submission_id = submit("processing")
    api.delete(f"/submissions/{submission_id}", by=account)
    after = submit("succeeded")
    time.sleep(0.5)
    for part in PARTS:
        response = api.get(f"/submissions/{submission_id}{part}", by=account)
        problem(response, 404, "not-found")
    assert api.get(f"/submissions/{after}", by=account).status_code == 200


def test_a_waiting_reader_hears_of_it(
    api: Api, account: Account, submit: Callable[[str], str]
) -> None:
    """A delayed response ends with 404, at the limit at the latest."""
    submission_id = submit("pending")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(
            api.get, f"/submissions/{submission_id}", by=account, params={"wait": 5}
        )
        time.sleep(0.3)
        api.delete(f"/submissions/{submission_id}", by=account)
        problem(waiting.result(timeout=8), 404, "not-found")


def test_two_at_once_delete_it_once(
    api: Api, account: Account, submit: Callable[[str], str]
) -> None:
    submission_id = submit("failed")
    call = {"method": "DELETE", "path": f"/api/v1/submissions/{submission_id}", "by": account}
    statuses = sorted(response.status_code for response in api.together([call] * 5))
    assert statuses[0] == 204
    assert set(statuses) <= {204, 404}


@pytest.mark.parametrize("state", ["succeeded", "failed", "processing"])
def test_a_second_deletion_finds_nothing_however_often(
    api: Api, account: Account, submit: Callable[[str], str], state: str
) -> None:
    before = api.get("/account", by=account).json()["submission_count"]
    submission_id = submit(state)
    assert api.delete(f"/submissions/{submission_id}", by=account).status_code == 204
    for _ in range(3):
        problem(api.delete(f"/submissions/{submission_id}", by=account), 404, "not-found")
    assert api.get("/account", by=account).json()["submission_count"] == before
    assert submission_id not in api.get("/submissions", by=account).text


def test_a_replayed_key_does_not_bring_it_back(api: Api, account: Account) -> None:
    first = api.submit_upload(fixture("images/rgb.png"), by=account, key="once")
    submission_id = str(first.json()["id"])
    api.final(submission_id, by=account)
    assert api.delete(f"/submissions/{submission_id}", by=account).status_code == 204
    again = api.submit_upload(fixture("images/rgb.png"), by=account, key="once")
    assert (again.status_code, again.json()["id"]) == (202, submission_id)
    problem(api.get(f"/submissions/{submission_id}", by=account), 404, "not-found")
