"""The SQL of each endpoint, compared with queries.sql.

After a change that is meant: `QUERIES=write pytest tests/test_queries.py`, and look at
the output of git.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from submissions import consumers
from submissions.models import Submission
from tests import recognition
from tests.test_reading import completed, submitted

FILE = Path(__file__).with_name("queries.sql")
_COLUMNS = re.compile(r"(?<=SELECT )\"[^()]*?(?= FROM)")
_INSERTED = re.compile(r"\(\"[^()]*\) VALUES \(.*?\)(?= |$)")
_SAVEPOINT = re.compile(r"s\d+_x\d+")
_UUID = re.compile(r"'[0-9a-f]{32}'::uuid")
_KEY = re.compile(r"(?<=results/)[0-9a-f-]{36}")
_TIME = re.compile(r"'\d{4}-\d\d-\d\d [^']*'::timestamptz")
_DIGEST = re.compile(r"'\\x[0-9a-f]+'::bytea")
_NUMBERED = re.compile(r"((?<= = )|(?<=_lock\()|(?<=IN \()) ?-?\d+")

_REPLACED = (
    (_COLUMNS, "…"),
    (_INSERTED, "…"),
    (_SAVEPOINT, "s"),
    (_UUID, "ID"),
    (_KEY, "ID"),
    (_TIME, "NOW"),
    (_DIGEST, "DIGEST"),
    (_NUMBERED, "N"),
)

PATH = "/api/v1/submissions"


def _post(owner: APIClient) -> HttpResponse:
    return owner.post(PATH, {"image_url": "https://example.org/"}, format="json")


def _post_with_key(owner: APIClient) -> HttpResponse:
    body = {"image_url": "https://example.org/"}
    return owner.post(PATH, body, format="json", headers={"Idempotency-Key": "k"})


CALLS: dict[str, Callable[[APIClient, str], HttpResponse]] = {
    "POST /submissions": lambda owner, _: _post(owner),
    "POST /submissions with a key": lambda owner, _: _post_with_key(owner),
    "GET /submissions": lambda owner, _: owner.get(PATH),
    "GET /submissions/{id}": lambda owner, location: owner.get(location),
    "GET /submissions/{id}/result": lambda owner, location: owner.get(f"{location}/result"),
    "GET /submissions/{id}/image": lambda owner, location: owner.get(f"{location}/image"),
    "DELETE /submissions/{id}": lambda owner, location: owner.delete(location),
}


def expected() -> dict[str, str]:
    parts = re.split(r"^-- (.*)\n", FILE.read_text(), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], (text.strip() for text in parts[1::2]), strict=True))


def normalized(captured: CaptureQueriesContext) -> str:
    lines = []
    for query in captured.captured_queries:
        sql = query["sql"]
        for pattern, word in _REPLACED:
            sql = pattern.sub(word, sql)
        lines.append(sql + ";")
    return "\n".join(lines)


@pytest.mark.django_db
@pytest.mark.parametrize("call", CALLS)
def test_an_endpoint_makes_the_recorded_queries(call: str, owner: APIClient) -> None:
    location = submitted(owner)
    completed(location)
    with CaptureQueriesContext(connection) as captured:
        response = CALLS[call](owner, location)
    response.close()
    compare(call, normalized(captured))


@pytest.mark.django_db
def test_an_attempt_makes_the_recorded_queries(owner: APIClient) -> None:
    submission = Submission.objects.get(id=submitted(owner).rpartition("/")[2])
    begun, ended = recognition.started(submission), recognition.completed(submission)
    with CaptureQueriesContext(connection) as captured:
        consumers.recognition_started(begun)
        consumers.recognition_completed(ended)
    compare("an attempt", normalized(captured))


def test_a_read_is_one_query_of_one_table() -> None:
    for call in ("GET /submissions", "GET /submissions/{id}"):
        sql = expected()[call]
        assert sql.count(";") == 1
        assert "JOIN" not in sql


def compare(name: str, sql: str) -> None:
    if os.environ.get("QUERIES") == "write":
        known = (expected() if FILE.exists() else {}) | {name: sql}
        text = "\n\n".join(f"-- {heading}\n{known[heading]}" for heading in sorted(known))
        FILE.write_text(text + "\n")
    assert sql == expected()[name]
