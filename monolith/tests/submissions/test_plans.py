"""The plans of all statements at 20,000 rows: none reads a table that grows from end to end."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from recognition.services import recognition_run
from submissions import idempotency, removals, selectors, services, sweeper, tasks
from submissions.identifiers import uuid7
from submissions.models import ObjectRemoval, Submission
from tests.submissions.rows import submissions_fill
from tests.submissions.test_reading import submitted

ROWS = 20_000
WAITING = 4_000
PATH = "/api/v1/submissions"
_WITH_A_PLAN = ("SELECT", "UPDATE", "DELETE", "WITH")
_GROWING = (
    "submissions_submission",
    "recognition_recognition",
    "recognition_detection",
    "submissions_idempotencykey",
)


# Among the newest of the others: who reads the table in its order meets them last.
_OVERDUE = """
UPDATE submissions_submission
SET state = 'pending', completed_at = NULL, started_at = NULL, dispatch_after = created_at,
    dispatched_at = now()
WHERE id IN (
    SELECT id FROM submissions_submission WHERE account_id <> %s ORDER BY id DESC LIMIT %s
)
"""
_KEYS = """
INSERT INTO submissions_idempotencykey (account_id, key, fingerprint, answer, created_at)
SELECT gen_random_uuid(), number::text, 'f', '{}', now() - number * interval '1 second'
FROM generate_series(1, %s) AS number
"""


@pytest.fixture
def many(account_id: UUID, transactional_db: None) -> None:
    """Fill the tables: half of the rows are the account's, the others those of four accounts."""
    submissions_fill(account_id=account_id, count=ROWS // 2, apart=timedelta(seconds=1))
    for _ in range(4):
        submissions_fill(account_id=uuid4(), count=ROWS // 8, apart=timedelta(seconds=4))
    with connection.cursor() as cursor:
        cursor.execute(_OVERDUE, [account_id, WAITING])
        cursor.execute(_KEYS, [ROWS])
        cursor.execute("VACUUM ANALYZE")


def oldest(account_id: UUID) -> UUID:
    return Submission.objects.filter(account_id=account_id).earliest("id").id


def attempt(location: str) -> None:
    """Make an attempt."""
    submission = Submission.objects.get(id=location.rpartition("/")[2])
    services.submission_claim(submission_id=submission.id, attempt=1)
    source = tasks.submission_source(submission)
    outcome = recognition_run(submission_id=submission.id, source=source)
    services.submission_complete(submission_id=submission.id, attempt=1, outcome=outcome)


def sweep(location: str) -> None:
    """Carry out the sweeper's steps, with something to do for each."""
    past = timezone.now() - timedelta(minutes=1)
    Submission.objects.filter(id=location.rpartition("/")[2]).update(dispatch_after=past)
    with patch.object(sweeper, "waiting_count", return_value=WAITING - 1):  # one message is lost
        assert sweeper.attempts_dispatch() >= 1
    row = Submission.objects.get(id=location.rpartition("/")[2])
    services.submission_claim(submission_id=row.id, attempt=row.attempt)
    Submission.objects.filter(id=row.id).update(lease_expires_at=past)
    assert sweeper.attempts_expire() == 1
    ObjectRemoval.objects.create(submission_id=uuid7(), remove_after=past)
    removals.removals_finish(limit=10)
    idempotency.keys_purge(limit=10)
    images = replace(sweeper._LISTINGS["images"], delete=lambda **_: None)
    sweeper._purge([uuid7() for _ in range(1000)], images)


def statements(call: Callable[[], object]) -> list[str]:
    """Return the statements that a call makes."""
    with CaptureQueriesContext(connection) as captured:
        call()
    return [
        query["sql"]
        for query in captured.captured_queries
        if query["sql"].lstrip().startswith(_WITH_A_PLAN)
    ]


def plan(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + sql)
        return "\n".join(line for (line,) in cursor.fetchall())


def scanned(text: str) -> set[str]:
    """Return the growing tables that a plan reads from end to end, of the table or of an index."""
    lines = [line.strip().removeprefix("->").strip() for line in text.splitlines()]
    found = {table for table in _GROWING for line in lines if f"Seq Scan on {table}" in line}
    for number, line in enumerate(lines):
        if "Index" in line and "Scan" in line and " on " in line:
            following = lines[number + 1 : number + 3]
            if not any(it.startswith("Index Cond") for it in following) and not any(
                name in line for name in ("submission_due", "submission_lease", "submission_open")
            ):
                found |= {table for table in _GROWING if table in line}
    return found


@pytest.mark.usefixtures("many")
def test_no_statement_reads_a_growing_table_from_end_to_end(
    owner: APIClient, account_id: UUID
) -> None:
    depth = selectors.submission_page(account_id=account_id, limit=100, before=None).items[-1].id
    location, gone, swept = (submitted(owner) for _ in range(3))
    body = {"image_url": "https://example.org/"}
    key = {"Idempotency-Key": "k"}
    old = oldest(account_id)
    calls: dict[str, Callable[[], object]] = {
        "the count at first": lambda: selectors.submission_count(account_id=account_id),
        "the count": lambda: selectors.submission_count(account_id=account_id),
        "submit": lambda: owner.post(PATH, body, format="json"),
        "submit with a key": lambda: owner.post(PATH, body, format="json", headers=key),
        "the first page": lambda: owner.get(PATH),
        "a page at depth": lambda: selectors.submission_page(
            account_id=account_id, limit=100, before=depth
        ),
        "the last page": lambda: selectors.submission_page(
            account_id=account_id, limit=100, before=old
        ),
        "read": lambda: owner.get(location),
        "wait": lambda: selectors.submission_is_open(account_id=account_id, submission_id=str(old)),
        "1000 waiting clients": lambda: selectors.submissions_open(
            [str(uuid7()) for _ in range(1000)]
        ),
        "an attempt": lambda: attempt(location),
        "delete": lambda: owner.delete(gone),
        "delete an old one": lambda: owner.delete(f"{PATH}/{old}"),
        "the sweeper": lambda: sweep(swept),
    }
    found = {name: {sql: plan(sql) for sql in statements(call)} for name, call in calls.items()}
    assert all(found.values())
    wrong = [
        f"{name}: {sql}\n{text}"
        for name, plans in found.items()
        for sql, text in plans.items()
        if scanned(text)
    ]
    assert not wrong, "\n\n".join(wrong)
    for name in ("the first page", "a page at depth", "the last page", "the count"):
        assert all("submission_page" in text for text in found[name].values())
    assert scanned(plan("SELECT * FROM submissions_submission WHERE attempt = 2"))
    assert scanned(plan("SELECT count(*) FROM submissions_submission"))
