"""Fill a target's database with submissions, as its own processes would have left them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import psycopg

OTHERS = 100  # accounts that share the tenth of the rows that isn't the measured account's

# Ids are of version 7: the time of creation in ms, then digits that depend on the number.
_MADE = "SELECT number, now() - interval '1 day' - number * interval '1 second' AS made"
_ID = """(lpad(to_hex((extract(epoch FROM made) * 1000)::bigint), 12, '0') || '7000'
    || substr(md5(number::text), 1, 16))::uuid"""
_OWNER = """CASE WHEN mod(number, 10) = 0
    THEN md5(mod(number / 10, {others})::text)::uuid ELSE %(account_id)s END"""

_RECOGNITIONS = """
INSERT INTO recognition_recognition (
    id, recognizer_name, recognizer_version, image_width, image_height, image_media_type,
    image_sha256, detection_count
)
SELECT number, 'synthetic', '1', 640, 480, 'image/jpeg', md5(number::text) || md5(number::text), 1
FROM generate_series(1, %(count)s) AS number
"""
_DETECTIONS = """
INSERT INTO recognition_detection (label, score, "left", top, width, height, recognition_id)
SELECT 'face', 0.9, 0.1, 0.1, 0.2, 0.2, number FROM generate_series(1, %(count)s) AS number
"""
# The ids above are given, so the sequence is set behind them.
_SEQUENCE = """
SELECT setval(pg_get_serial_sequence('recognition_recognition', 'id'), %(count)s)
"""
_SUBMISSIONS = """
INSERT INTO submissions_submission (
    id, account_id, state, attempt, dispatch_after, image_kind, image_media_type, image_bytes,
    created_at, started_at, completed_at, {columns}
)
SELECT
    {id}, {owner}, 'succeeded', 1, made, 'upload', 'image/jpeg', 60000, made, made, made, {values}
FROM ({made} FROM generate_series(1, %(count)s) AS number) AS times
"""
_SEAM: Mapping[str, tuple[str, str]] = {
    "monolith": ("dispatched_at, recognition_id", "made, number"),
    "microservices": (
        "detection_count, result_bucket, result_key",
        f"1, 'results', 'results/' || {_ID}::text || '.json'",
    ),
}


def fill(database_url: str, architecture: str, account_id: UUID, count: int) -> None:
    """Insert so many submissions, nine tenths of the account; the newest is a day old.

    Their objects don't exist. Raises psycopg.Error.
    """
    with psycopg.connect(database_url, autocommit=True) as connection:
        for statement in statements(architecture):
            connection.execute(statement, {"account_id": account_id, "count": count})
        connection.execute("VACUUM ANALYZE")


def statements(architecture: str) -> Sequence[bytes]:
    """Return the statements that fill the database. KeyError for another architecture."""
    columns, values = _SEAM[architecture]
    submissions = _SUBMISSIONS.format(
        columns=columns,
        values=values,
        id=_ID,
        owner=_OWNER.format(others=OTHERS),
        made=_MADE,
    )
    own = [_RECOGNITIONS, _DETECTIONS, _SEQUENCE] if architecture == "monolith" else []
    return [statement.encode() for statement in (*own, submissions)]


def ids_at(database_url: str, account_id: UUID, *, skipped: int, count: int) -> list[UUID]:
    """Return ids of the account's submissions, newest first. Raises psycopg.Error."""
    with psycopg.connect(database_url) as connection:
        found = connection.execute(
            "SELECT id FROM submissions_submission WHERE account_id = %s"
            " ORDER BY id DESC OFFSET %s LIMIT %s",
            (account_id, skipped, count),
        ).fetchall()
    return [submission_id for (submission_id,) in found]
