"""Many rows, made by PostgreSQL itself."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

# Ids of version 7: the milliseconds of the creation, and random bits.
_SUBMISSIONS = """
INSERT INTO submissions_submission (
    id, account_id, state, attempt, dispatch_after, image_kind,
    image_media_type, image_bytes, created_at, started_at, completed_at, detection_count,
    result_bucket, result_key
)
SELECT
    (lpad(to_hex((extract(epoch FROM made) * 1000)::bigint), 12, '0') || '7000'
        || substr(md5(number::text || %(account_id)s), 1, 16))::uuid,
    %(account_id)s::uuid,
    'succeeded', 1, made, 'upload', 'image/jpeg', 1000, made, made, made, 0, 'results', ''
FROM generate_series(1, %(count)s) AS number
CROSS JOIN LATERAL (SELECT %(newest)s::timestamptz - number * %(apart)s AS made) AS times
"""


def submissions_fill(
    *,
    account_id: UUID,
    count: int,
    newest: datetime | None = None,
    apart: timedelta = timedelta(seconds=10),
) -> None:
    """Insert succeeded submissions of an account, the newest of which is an hour old."""
    values: dict[str, Any] = {
        "account_id": str(account_id),
        "count": count,
        "newest": newest or timezone.now() - timedelta(hours=1),
        "apart": apart,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SUBMISSIONS, values)
