"""One attempt at one image."""

import json
import time
from collections.abc import Callable
from hashlib import sha256
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

import imaging
from imaging import Detection, NormalizedImage
from recognition import models, reading, services, storage
from recognition.errors import AttemptFailed, StorageUnavailable, Unavailable
from recognition.services import UploadSource, UrlSource, recognition_run
from recognition.storage import KeptImage
from tests.conftest import image_bytes
from tests.stores import s3


def uploaded(data: bytes) -> UploadSource:
    key = f"uploads/{uuid4()}"
    s3().put_object(Bucket=django_settings.IMAGE_BUCKET, Key=key, Body=data)
    return UploadSource(bucket=django_settings.IMAGE_BUCKET, key=key)


class Finding:
    """A recognizer that a test configures."""

    name = "finding"
    version = "0"

    def __init__(self, does: Callable[[NormalizedImage], None] = lambda _: None) -> None:
        self.does = does
        self.seen: list[str] = []

    def check_available(self) -> None:
        pass

    def recognize(self, image: NormalizedImage) -> tuple[Detection, ...]:
        self.seen.append(image.sha256)
        self.does(image)
        return (Detection("face", 0.5, 0.1, 0.2, 0.3, 0.4),)


@pytest.fixture
def finding(monkeypatch: pytest.MonkeyPatch) -> Finding:
    recognizer = Finding()
    monkeypatch.setattr(services, "_recognizer", lambda: recognizer)
    return recognizer


def raising(error: Exception) -> Callable[[NormalizedImage], None]:
    def does(_: NormalizedImage) -> None:
        raise error

    return does


def test_image_and_result_are_stored(finding: Finding) -> None:
    id_, data = uuid4(), image_bytes("gif")
    outcome = recognition_run(submission_id=id_, source=uploaded(data))
    assert (outcome.source_media_type, outcome.source_bytes) == ("image/gif", len(data))
    image = s3().get_object(Bucket=django_settings.IMAGE_BUCKET, Key=f"images/{id_}")
    result = s3().get_object(Bucket=django_settings.RESULT_BUCKET, Key=f"results/{id_}.json")
    stored = json.loads(result["Body"].read())
    assert stored == outcome.result
    assert result["ContentType"] == "application/json"
    assert image["ContentType"] == stored["image"]["media_type"] == "image/png"
    assert sha256(image["Body"].read()).hexdigest() == stored["image"]["sha256"]
    assert stored["recognizer"] == {"name": "finding", "version": "0"}
    assert stored["detections"] == [
        {
            "label": "face",
            "score": 0.5,
            "box": {"left": 0.1, "top": 0.2, "width": 0.3, "height": 0.4},
        }
    ]


def test_an_image_is_searched_once(finding: Finding) -> None:
    recognition_run(submission_id=uuid4(), source=uploaded(image_bytes()))
    assert len(finding.seen) == 1


def test_a_result_is_written_once(finding: Finding) -> None:
    id_, source = uuid4(), uploaded(image_bytes())
    first = recognition_run(submission_id=id_, source=source)
    second = recognition_run(submission_id=id_, source=source)
    assert second.result == first.result


def test_the_result_describes_the_stored_image(finding: Finding) -> None:
    """A URL may return another image the second time; the first one stays stored."""
    id_ = uuid4()
    finding.does = raising(imaging.RecognizerCrashed("d"))
    with pytest.raises(AttemptFailed):
        recognition_run(submission_id=id_, source=uploaded(image_bytes(size=(40, 30))))
    earlier = image_bytes(size=(8, 9))
    storage.image_put_once(
        submission_id=id_, image=KeptImage(earlier, "image/jpeg", "image/webp", 1234)
    )
    finding.does = lambda _: None
    outcome = recognition_run(submission_id=id_, source=uploaded(image_bytes(size=(40, 30))))
    image = s3().get_object(Bucket=django_settings.IMAGE_BUCKET, Key=f"images/{id_}")
    assert outcome.result["image"]["sha256"] == sha256(image["Body"].read()).hexdigest()
    assert (outcome.result["image"]["width"], outcome.result["image"]["height"]) == (8, 9)
    assert (outcome.source_media_type, outcome.source_bytes) == ("image/webp", 1234)


def test_an_image_of_the_version_before_has_the_source_of_the_attempt(finding: Finding) -> None:
    id_, data = uuid4(), image_bytes("gif")
    s3().put_object(
        Bucket=django_settings.IMAGE_BUCKET,
        Key=f"images/{id_}",
        Body=image_bytes("png"),
        ContentType="image/png",
    )
    outcome = recognition_run(submission_id=id_, source=uploaded(data))
    assert (outcome.source_media_type, outcome.source_bytes) == ("image/gif", len(data))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<html>", "image-unsupported"),
        (image_bytes()[:-100], "image-corrupt"),
        (image_bytes() + b"\0" * 10_000_001, "image-too-large"),
    ],
)
def test_a_bad_image(finding: Finding, data: bytes, code: str) -> None:
    with pytest.raises(AttemptFailed) as caught:
        recognition_run(submission_id=uuid4(), source=uploaded(data))
    assert (caught.value.code, caught.value.retryable) == (code, False)
    assert not finding.seen


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (imaging.RecognizerUnavailable("d"), "recognizer-unavailable"),
        (imaging.RecognizerCrashed("d"), "recognizer-crashed"),
        (ZeroDivisionError("unexpected"), "recognizer-crashed"),
    ],
)
def test_a_recognizer_that_fails(finding: Finding, error: Exception, code: str) -> None:
    finding.does = raising(error)
    with pytest.raises(AttemptFailed) as caught:
        recognition_run(submission_id=uuid4(), source=uploaded(image_bytes()))
    assert (caught.value.code, caught.value.retryable) == (code, True)
    assert "unexpected" not in caught.value.detail


def test_whatever_ends_at_the_time_limit_has_timed_out(
    finding: Finding, settings: Settings
) -> None:
    settings.TIME_LIMIT_SECONDS = 1

    def slow(_: NormalizedImage) -> None:
        time.sleep(0.1)
        raise imaging.ImageCorrupt("as a decoder raises when it is interrupted")

    finding.does = slow
    with pytest.raises(AttemptFailed) as caught:
        recognition_run(submission_id=uuid4(), source=uploaded(image_bytes()))
    assert (caught.value.code, caught.value.retryable) == ("timed-out", True)


def test_the_time_limit_runs_from_the_start_of_the_task(finding: Finding) -> None:
    finding.does = raising(imaging.ImageCorrupt("as a decoder raises when it is interrupted"))
    with pytest.raises(AttemptFailed) as caught:
        recognition_run(
            submission_id=uuid4(),
            source=uploaded(image_bytes()),
            task_started_at=time.monotonic() - django_settings.TIME_LIMIT_SECONDS,
        )
    assert caught.value.code == "timed-out"


@pytest.mark.parametrize(("named", "seconds"), [(None, 0.0), (9.5, 9.5)])
def test_a_recognizer_that_is_away_costs_no_attempt(
    finding: Finding, named: float | None, seconds: float
) -> None:
    finding.does = raising(imaging.RecognizerUnavailable("d", retry_after_seconds=named))
    with pytest.raises(AttemptFailed) as caught:
        recognition_run(submission_id=uuid4(), source=uploaded(image_bytes()))
    assert caught.value.retry_after_seconds == seconds


def test_no_image_is_fetched_while_the_recognizer_is_away(
    finding: Finding, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check_available() -> None:
        raise imaging.RecognizerUnavailable("d", retry_after_seconds=3.0)

    monkeypatch.setattr(finding, "check_available", check_available)
    source = UploadSource(bucket=django_settings.IMAGE_BUCKET, key="uploads/none")
    with pytest.raises(AttemptFailed) as caught:
        recognition_run(submission_id=uuid4(), source=source)
    assert (caught.value.code, caught.value.retry_after_seconds) == ("recognizer-unavailable", 3.0)


def test_an_upload_that_is_gone(finding: Finding) -> None:
    source = UploadSource(bucket=django_settings.IMAGE_BUCKET, key="uploads/none")
    with pytest.raises(AttemptFailed) as caught:
        recognition_run(submission_id=uuid4(), source=source)
    assert (caught.value.code, caught.value.retryable) == ("image-unreachable", False)
    assert caught.value.retry_after_seconds is None


def test_a_url_that_is_not_fetched(finding: Finding) -> None:
    with pytest.raises(AttemptFailed) as caught:
        recognition_run(submission_id=uuid4(), source=UrlSource("http://localhost/a.jpg"))
    assert caught.value.code == "image-forbidden-address"
    assert not caught.value.retryable


@pytest.mark.parametrize("endpoint", [None, "http://internal.invalid:1"])
def test_a_store_that_is_away(
    finding: Finding, settings: Settings, monkeypatch: pytest.MonkeyPatch, endpoint: str | None
) -> None:
    source = uploaded(image_bytes())
    storage.source_get(bucket=source.bucket, key=source.key, max_bytes=10_000_000)  # opens it
    # The image goes elsewhere: to a bucket that doesn't exist, or to a host that doesn't.
    settings.IMAGE_BUCKET = f"elsewhere-{uuid4()}"
    if endpoint is not None:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", endpoint)
    with pytest.raises(StorageUnavailable) as caught:
        recognition_run(submission_id=uuid4(), source=source)
    assert caught.value.retryable
    assert caught.value.retry_after_seconds == 0
    assert "internal" not in caught.value.detail


def test_what_is_not_stored_can_not_be_read() -> None:
    with pytest.raises(Unavailable):
        reading.result_read(submission_id=uuid4())
    with pytest.raises(Unavailable):
        reading.image_open(submission_id=uuid4())


@pytest.mark.django_db
def test_the_rows_are_those_of_the_result(finding: Finding) -> None:
    outcome = recognition_run(submission_id=uuid4(), source=uploaded(image_bytes()))
    result = outcome.result | {"detections": outcome.result["detections"] * 3}
    recognition = services.recognition_create(result=result)
    assert recognition.detection_count == recognition.detections.count() == 3
    assert recognition.image_sha256 == result["image"]["sha256"]
    services.recognition_delete(recognition_id=recognition.id)
    assert not models.Detection.objects.exists()


def test_the_errors_have_what_a_response_needs() -> None:
    error = Unavailable()
    assert (error.status, error.code, error.retryable) == (503, "unavailable", True)
    assert error.headers == {"Retry-After": "1"}
