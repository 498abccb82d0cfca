"""Statements with SQL of their own, each in the place of a transaction of several.

UPDATE … RETURNING takes the place of locking the row, reading it and writing it. Its condition
names the attempt, so it has no effect once the row has moved on. WITH inserts two rows at once.
"""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model
from django.db.models.sql import InsertQuery

from submissions.models import OutboxMessage, Submission

CLAIM = """\
UPDATE submissions_submission
SET state = 'processing', started_at = %(now)s, lease_expires_at = %(lease_expires_at)s
WHERE id = %(submission_id)s AND attempt = %(attempt)s AND state = 'pending'"""

COMPLETE = """\
UPDATE submissions_submission
SET state = 'succeeded', detection_count = %(detection_count)s,
    result_bucket = %(result_bucket)s, result_key = %(result_key)s,
    image_media_type = %(image_media_type)s, image_bytes = %(image_bytes)s,
    lease_expires_at = NULL, completed_at = %(now)s, started_at = COALESCE(started_at, %(now)s)
WHERE id = %(submission_id)s AND attempt = %(attempt)s AND state IN ('pending', 'processing')
RETURNING *"""


def submission_update(statement: str, **parameters: Any) -> Submission | None:
    """Execute an update of at most one row. Return the row as it is now; None if none matched."""
    rows = list(Submission.objects.raw(statement, parameters))
    return rows[0] if rows else None


def rows_update(statement: str, **parameters: Any) -> int:
    """Execute an update, and return how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def rows_insert(submission: Submission, message: OutboxMessage) -> None:
    """Insert a submission and the message that requests its attempt, in one statement.

    The message gets its id. Raises the database's error, and has inserted neither then.
    """
    row, row_values = _insert(submission)
    outbox, outbox_values = _insert(message)
    statement = f"WITH submission AS ({row}) {outbox} RETURNING id"
    with connection.cursor() as cursor:
        cursor.execute(statement, (*row_values, *outbox_values))
        ((message.id,),) = cursor.fetchall()


def _insert(instance: Model) -> tuple[str, tuple[Any, ...]]:
    """Return the ORM's statement that inserts a row, and its parameters."""
    fields = instance._meta.concrete_fields
    given = [it for it in fields if it.value_from_object(instance) is not None]
    query = InsertQuery(type(instance))
    query.insert_values(given, [instance])
    ((statement, values),) = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return statement, values
