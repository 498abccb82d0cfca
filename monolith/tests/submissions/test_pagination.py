"""GET /submissions: pages and cursors."""

import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from submissions.errors import Invalid
from submissions.models import Submission
from submissions.pagination import cursor_decode, cursor_encode

PATH = "/api/v1/submissions"


def submit(client: APIClient, count: int) -> list[str]:
    return [
        client.post(PATH, {"image_url": f"https://example.org/{n}.jpg"}, format="json").json()["id"]
        for n in range(count)
    ]


def walk(client: APIClient, limit: int) -> list[list[str]]:
    pages, query = [], f"?limit={limit}"
    while True:
        body = client.get(f"{PATH}{query}").json()
        pages.append([item["id"] for item in body["items"]])
        if body["next_cursor"] is None:
            return pages
        query = f"?limit={limit}&cursor={body['next_cursor']}"


@pytest.mark.django_db
def test_newest_first_in_pages(owner: APIClient, stranger: APIClient) -> None:
    ids = submit(owner, 7)
    submit(stranger, 2)
    pages = walk(owner, 3)
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [id_ for page in pages for id_ in page] == ids[::-1]


@pytest.mark.django_db
def test_a_full_last_page_has_no_next(owner: APIClient) -> None:
    submit(owner, 4)
    assert [len(page) for page in walk(owner, 2)] == [2, 2]


@pytest.mark.django_db
def test_nothing_yet(owner: APIClient) -> None:
    assert owner.get(PATH).json() == {"items": [], "next_cursor": None}


@pytest.mark.django_db
def test_twenty_by_default(owner: APIClient) -> None:
    submit(owner, 21)
    body = owner.get(PATH).json()
    assert len(body["items"]) == 20
    assert body["next_cursor"]


@pytest.mark.django_db
def test_a_cursor_outlives_what_it_was_made_from(owner: APIClient) -> None:
    ids = submit(owner, 5)
    first = owner.get(f"{PATH}?limit=2").json()
    submit(owner, 1)
    for item in first["items"]:
        Submission.objects.filter(id=item["id"]).delete()
    rest = owner.get(f"{PATH}?cursor={first['next_cursor']}").json()
    assert [item["id"] for item in rest["items"]] == ids[2::-1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "name"),
    [
        *((f"limit={limit}", "limit") for limit in ("0", "101", "-1", "a", "", "1.5", "1e9", "٣")),
        *((f"cursor={cursor}", "cursor") for cursor in ("", "x", "AAAA", "~", "A" * 500)),
    ],
)
def test_bad_parameters(owner: APIClient, query: str, name: str) -> None:
    response = owner.get(f"{PATH}?{query}")
    body = json.loads(response.content)
    assert (response.status_code, body["code"]) == (422, "invalid")
    assert list(body["errors"]) == [name]


@given(st.uuids())
def test_a_cursor_gives_its_id_back(id_: UUID) -> None:
    assert cursor_decode(cursor_encode(id_)) == id_


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_what_is_no_cursor_is_invalid(text: str) -> None:
    # Random bytes are no cursor, whose first byte and length are fixed.
    with pytest.raises(Invalid) as caught:
        cursor_decode(text)
    assert set(caught.value.errors or ()) == {"cursor"}
