"""The checker itself, on the real stores: what it should catch is planted, and it is caught."""

import psycopg
import pytest

from benchmarks.oracle import History, RecordingClient, check
from benchmarks.targets import Target
from benchmarks.tests.faults.verification import assert_nothing_lost_or_doubled, store_of

UNKNOWN_ID = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def accepted(target: Target, recorder: RecordingClient) -> str:
    submission_id: str = recorder.submit_accepted(1)[0]
    recorder.drain(timeout_seconds=30)
    assert_nothing_lost_or_doubled(target, recorder.history)
    return submission_id


def found_in(target: Target, recorder: RecordingClient) -> list[str]:
    return [str(it) for it in check(recorder.history, target.inventory(read_results=True))]


def execute(target: Target, statement: str, *values: str) -> None:
    with psycopg.connect(target.store_environment()["DATABASE_URL"]) as connection:
        connection.execute(statement.encode(), values)


def test_a_lost_row_is_caught(target: Target, recorder: RecordingClient, accepted: str) -> None:
    execute(target, "DELETE FROM submissions_submission WHERE id = %s", accepted)
    settings, store = target.store_environment(), store_of(target)
    try:
        assert found_in(target, recorder) == [
            f"lost: {accepted} was accepted and has no row",
            f"leaked: result of {accepted}, which has no row",
            f"leaked: image of {accepted}, which has no row",
        ]
    finally:
        store.delete_object(Bucket=settings["RESULT_BUCKET"], Key=f"results/{accepted}.json")
        store.delete_object(Bucket=settings["IMAGE_BUCKET"], Key=f"images/{accepted}")
    assert check(History(), target.inventory()) == []


def test_a_row_under_another_account_is_caught(
    target: Target, recorder: RecordingClient, accepted: str
) -> None:
    statement = "UPDATE submissions_submission SET account_id = %s WHERE id = %s"
    execute(target, statement, UNKNOWN_ID, accepted)
    try:
        assert found_in(target, recorder) == [
            f"misplaced: {accepted} belongs to {UNKNOWN_ID}, not {recorder.account_id}"
        ]
    finally:
        execute(target, statement, recorder.account_id, accepted)
    assert_nothing_lost_or_doubled(target, recorder.history)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (
            ("RESULT_BUCKET", f"results/{UNKNOWN_ID}.json"),
            f"leaked: result of {UNKNOWN_ID}, which has no row",
        ),
        (
            ("IMAGE_BUCKET", f"images/{UNKNOWN_ID}"),
            f"leaked: image of {UNKNOWN_ID}, which has no row",
        ),
        (
            ("IMAGE_BUCKET", f"uploads/{UNKNOWN_ID}"),
            f"leaked: upload of {UNKNOWN_ID}, which has no row",
        ),
        (
            ("RESULT_BUCKET", "results/again.json"),
            "leaked: object results/again.json, of an unknown kind",
        ),
    ],
)
def test_a_leaked_object_is_caught(
    target: Target, recorder: RecordingClient, accepted: str, place: tuple[str, str], expected: str
) -> None:
    settings, store = target.store_environment(), store_of(target)
    bucket, key = settings[place[0]], place[1]
    store.put_object(Bucket=bucket, Key=key, Body=b"x")
    try:
        found = found_in(target, recorder)
        assert found == [expected]
    finally:
        store.delete_object(Bucket=bucket, Key=key)
    assert_nothing_lost_or_doubled(target, recorder.history)


def test_a_missing_result_is_caught(
    target: Target, recorder: RecordingClient, accepted: str
) -> None:
    settings, store = target.store_environment(), store_of(target)
    place, key = settings["RESULT_BUCKET"], f"results/{accepted}.json"
    kept = store.get_object(Bucket=place, Key=key)["Body"].read()
    store.delete_object(Bucket=place, Key=key)
    try:
        found = found_in(target, recorder)
        assert found == [f"lost: {accepted} succeeded and its result is gone"]
    finally:
        store.put_object(Bucket=place, Key=key, Body=kept)
    assert_nothing_lost_or_doubled(target, recorder.history)


def test_an_unfinished_row_is_caught(
    target: Target, recorder: RecordingClient, accepted: str
) -> None:
    # What a dropped outbox row leaves: nothing will ever carry the submission on. It isn't due
    # for hours, so that the sweeper doesn't.
    statement = (
        "UPDATE submissions_submission SET state = 'pending', completed_at = NULL,"
        " dispatch_after = now() + interval '1 day' WHERE id = %s"
    )
    final = (
        "UPDATE submissions_submission SET state = 'succeeded', completed_at = now() WHERE id = %s"
    )
    execute(target, statement, accepted)
    try:
        assert f"unfinished: {accepted} is pending" in found_in(target, recorder)
    finally:
        execute(target, final, accepted)
    assert_nothing_lost_or_doubled(target, recorder.history)


def test_a_doubled_result_is_caught(
    target: Target, recorder: RecordingClient, accepted: str
) -> None:
    settings, store = target.store_environment(), store_of(target)
    bucket, again = settings["RESULT_BUCKET"], f"results/{accepted}-2.json"
    body = store.get_object(Bucket=bucket, Key=f"results/{accepted}.json")["Body"].read()
    store.put_object(Bucket=bucket, Key=again, Body=body)
    try:
        assert found_in(target, recorder) == [
            f"doubled: {accepted} has 2 results: {accepted}, {again}",
            f"leaked: object {again}, of an unknown kind",
        ]
    finally:
        store.delete_object(Bucket=bucket, Key=again)


def test_a_doubled_row_is_caught(target: Target, recorder: RecordingClient, accepted: str) -> None:
    columns = "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
    with psycopg.connect(target.store_environment()["DATABASE_URL"]) as connection:
        row = connection.execute(
            columns + " WHERE table_name = 'submissions_submission' AND column_name NOT IN"
            " ('id', 'recognition_id')"
        ).fetchone()
        assert row is not None
        statement = (
            f"INSERT INTO submissions_submission (id, {row[0]}) SELECT '{UNKNOWN_ID}', {row[0]}"
            " FROM submissions_submission WHERE id = %s"
        )
        connection.execute(statement.encode(), [accepted])
    try:
        doubled = f"doubled: {recorder.account_id} has 2 rows of 1 requests"
        assert doubled in found_in(target, recorder)
    finally:
        execute(target, "DELETE FROM submissions_submission WHERE id = %s", UNKNOWN_ID)
    assert_nothing_lost_or_doubled(target, recorder.history)
