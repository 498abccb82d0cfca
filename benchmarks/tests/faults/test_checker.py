"""The checker itself, on the real stores: what it should catch is planted, and it is caught."""

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import psycopg
import pytest

from benchmarks.targets import Target, discrepancies
from benchmarks.tests.faults.conftest import assert_nothing_lost_or_doubled
from benchmarks.tests.faults.recorder import Recorder

NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def accepted(target: Target, recorder: Recorder) -> str:
    submission_id: str = recorder.submit_accepted(1)[0]
    recorder.drain(timeout_seconds=30)
    assert_nothing_lost_or_doubled(target, recorder)
    return submission_id


@contextmanager
def database(target: Target) -> Iterator[psycopg.Connection]:
    """A transaction that is undone."""
    with psycopg.connect(target.store_environment()["DATABASE_URL"]) as connection:
        yield connection
        connection.commit()


def test_a_lost_row_is_caught(target: Target, recorder: Recorder, accepted: str) -> None:
    gone = {**recorder.accepted, NOBODY: recorder.account_id}
    found = discrepancies(target.inventory(), gone)
    assert found == [f"lost: {NOBODY} was accepted and has no row"]


def test_an_unfinished_row_is_caught(target: Target, recorder: Recorder, accepted: str) -> None:
    statement = "UPDATE submissions_submission SET state = %s WHERE id = %s"
    with database(target) as connection:
        connection.execute(statement, ["processing", accepted])
    try:
        found = discrepancies(target.inventory(), recorder.accepted)
        assert f"unfinished: {accepted} is processing" in found
    finally:
        with database(target) as connection:
            connection.execute(statement, ["succeeded", accepted])
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
    settings = target.store_environment()
    store = boto3.client(
        "s3",
        endpoint_url=settings["AWS_ENDPOINT_URL_S3"],
        region_name=settings["AWS_REGION"],
        aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
    )
    bucket, key = settings[place[0]], place[1]
    store.put_object(Bucket=bucket, Key=key, Body=b"x")
    try:
        found = discrepancies(target.inventory(), recorder.accepted)
        assert found == [told]
    finally:
        store.delete_object(Bucket=bucket, Key=key)
    assert_nothing_lost_or_doubled(target, recorder)


def test_a_missing_result_is_caught(target: Target, recorder: Recorder, accepted: str) -> None:
    inventory = target.inventory()
    without = type(inventory)(
        rows=inventory.rows,
        results=tuple(key for key in inventory.results if key != accepted),
        images=inventory.images,
        uploads=inventory.uploads,
    )
    assert discrepancies(without, recorder.accepted) == [f"no result: {accepted} succeeded without"]


def test_a_row_under_another_account_is_caught(
    target: Target, recorder: Recorder, accepted: str
) -> None:
    someone = {**recorder.accepted, accepted: "somebody-else"}
    (found,) = discrepancies(target.inventory(), someone)
    assert found.startswith(f"misplaced: {accepted} belongs to {recorder.account_id}")
