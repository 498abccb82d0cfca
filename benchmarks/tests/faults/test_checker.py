"""The checker itself, on the real stores: what it should catch is planted, and it is caught."""

import psycopg
import pytest

from benchmarks.targets import Target, discrepancies
from benchmarks.tests.faults.conftest import assert_nothing_lost_or_doubled, store_of
from benchmarks.tests.faults.recorder import Recorder

NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def accepted(target: Target, recorder: Recorder) -> str:
    submission_id: str = recorder.submit_accepted(1)[0]
    recorder.drain(timeout_seconds=30)
    assert_nothing_lost_or_doubled(target, recorder)
    return submission_id


def execute(target: Target, statement: str, *values: str) -> None:
    with psycopg.connect(target.store_environment()["DATABASE_URL"]) as connection:
        connection.execute(statement.encode(), values)


def test_a_lost_row_is_caught(target: Target, recorder: Recorder, accepted: str) -> None:
    execute(target, "DELETE FROM submissions_submission WHERE id = %s", accepted)
    settings, store = target.store_environment(), store_of(target)
    try:
        assert discrepancies(target.inventory(), recorder.accepted) == [
            f"lost: {accepted} was accepted and has no row",
            f"leaked result: {accepted} has no row",
            f"leaked image: {accepted} has no row",
        ]
    finally:
        store.delete_object(Bucket=settings["RESULT_BUCKET"], Key=f"results/{accepted}.json")
        store.delete_object(Bucket=settings["IMAGE_BUCKET"], Key=f"images/{accepted}")
    assert discrepancies(target.inventory(), {}) == []


def test_a_row_under_another_account_is_caught(
    target: Target, recorder: Recorder, accepted: str
) -> None:
    statement = "UPDATE submissions_submission SET account_id = %s WHERE id = %s"
    execute(target, statement, NOBODY, accepted)
    try:
        assert discrepancies(target.inventory(), recorder.accepted) == [
            f"misplaced: {accepted} belongs to {NOBODY}, not {recorder.account_id}"
        ]
    finally:
        execute(target, statement, recorder.account_id, accepted)
    assert_nothing_lost_or_doubled(target, recorder)


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (("RESULT_BUCKET", f"results/{NOBODY}.json"), f"leaked result: {NOBODY} has no row"),
        (("IMAGE_BUCKET", f"images/{NOBODY}"), f"leaked image: {NOBODY} has no row"),
        (("IMAGE_BUCKET", f"uploads/{NOBODY}"), f"leaked upload: {NOBODY}"),
        (("RESULT_BUCKET", "results/again.json"), "stray object: results/again.json"),
    ],
)
def test_a_leaked_object_is_caught(
    target: Target, recorder: Recorder, accepted: str, place: tuple[str, str], told: str
) -> None:
    settings, store = target.store_environment(), store_of(target)
    bucket, key = settings[place[0]], place[1]
    store.put_object(Bucket=bucket, Key=key, Body=b"x")
    try:
        found = discrepancies(target.inventory(), recorder.accepted)
        assert found == [told]
    finally:
        store.delete_object(Bucket=bucket, Key=key)
    assert_nothing_lost_or_doubled(target, recorder)


def test_a_missing_result_is_caught(target: Target, recorder: Recorder, accepted: str) -> None:
    settings, store = target.store_environment(), store_of(target)
    place, key = settings["RESULT_BUCKET"], f"results/{accepted}.json"
    kept = store.get_object(Bucket=place, Key=key)["Body"].read()
    store.delete_object(Bucket=place, Key=key)
    try:
        found = discrepancies(target.inventory(), recorder.accepted)
        assert found == [f"no result: {accepted} succeeded without"]
    finally:
        store.put_object(Bucket=place, Key=key, Body=kept)
    assert_nothing_lost_or_doubled(target, recorder)
