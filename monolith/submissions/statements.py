"""Conditional updates of a row that return it: UPDATE … RETURNING, which the ORM doesn't have.

One statement takes the place of locking the row, reading it and writing it. Its condition names the
attempt, so it has no effect once the row has moved on.
"""

from typing import Any

from submissions.models import Submission

CLAIM = """\
UPDATE submissions_submission
SET state = 'processing', started_at = %(now)s, lease_expires_at = %(lease_expires_at)s
WHERE id = %(submission_id)s AND attempt = %(attempt)s
    AND (state = 'pending' OR (state = 'processing' AND started_at = %(now)s))
RETURNING *"""

COMPLETE = """\
UPDATE submissions_submission
SET state = 'succeeded', recognition_id = %(recognition_id)s,
    image_media_type = %(image_media_type)s, image_bytes = %(image_bytes)s,
    lease_expires_at = NULL, completed_at = %(now)s
WHERE id = %(submission_id)s AND attempt = %(attempt)s AND state = 'processing'
RETURNING *"""


def submission_update(statement: str, **parameters: Any) -> Submission | None:
    """Execute an update of at most one row. Return the row as it is now; None if none matched."""
    rows = list(Submission.objects.raw(statement, parameters))
    return rows[0] if rows else None
