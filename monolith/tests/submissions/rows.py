"""Many rows, made by PostgreSQL itself."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.utils import timezone

_RECOGNITIONS = """
INSERT INTO recognition_recognition (
    recognizer_name, recognizer_version, image_width, image_height, image_media_type,
    image_sha256, detection_count
)
SELECT 'synthetic', '1', 40, 30, 'image/jpeg', %(mark)s, 1 FROM generate_series(1, %(count)s)
"""

_DETECTIONS = """
INSERT INTO recognition_detection (label, score, "left", top, width, height, recognition_id)
SELECT 'face', 0.9, 0.1, 0.1, 0.2, 0.2, id FROM recognition_recognition
WHERE image_sha256 = %(mark)s
"""

# Ids of version 7: the milliseconds of the creation, and random bits.
_SUBMISSIONS = """
INSERT INTO submissions_submission (
    id, account_id, state, attempt, dispatch_after, dispatched_at, image_kind,
    image_media_type, image_bytes, created_at, started_at, completed_at, recognition_id
)
SELECT
    (lpad(to_hex((extract(epoch FROM made) * 1000)::bigint), 12, '0') || '7000'
        || substr(md5(number::text || %(account_id)s), 1, 16))::uuid,
    %(account_id)s::uuid,
    'succeeded', 1, made, made, 'upload', 'image/jpeg', 1000, made, made, made, recognition.id
FROM generate_series(1, %(count)s) AS number
JOIN (
    SELECT id, row_number() OVER (ORDER BY id) AS number
    FROM recognition_recognition WHERE image_sha256 = %(mark)s
) AS recognition USING (number)
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
        values["mark"] = uuid4().hex
        cursor.execute(_RECOGNITIONS, values)
        cursor.execute(_DETECTIONS, values)
        cursor.execute(_SUBMISSIONS, values)
