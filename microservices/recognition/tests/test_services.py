"""One attempt, without Celery or Lambda."""

import hashlib
import io
import time

import pytest
from PIL import Image

from imaging import Detection, ImageCorrupt, NormalizedImage, RecognizerUnavailable
from recognition.messages import Outgoing, read_requested
from recognition.services import recognition_recover, recognition_run
from recognition.storage import StoredImage
from tests.backing_services import upload_request
from tests.conftest import image_bytes
from tests.contract import assert_keeps_contract
from tests.fakes import FACE, FakeRecognizer, FakeStore, dependencies


@pytest.fixture
def store(jpeg: bytes) -> FakeStore:
    store = FakeStore()
    store.sources["images", "uploads/x"] = jpeg
    return store


def _failure(outcome: Outgoing) -> tuple[str, bool]:
    assert outcome.name == "recognition.failed"
    assert_keeps_contract(outcome)
    return outcome.body["code"], outcome.body["retryable"]


def test_an_upload_ends_as_an_image_and_a_result(store: FakeStore, jpeg: bytes) -> None:
    body = upload_request("uploads/x", attempt=3)
    outcome = recognition_run(request=read_requested(body), dependencies=dependencies(store))
    assert_keeps_contract(outcome)
    assert outcome.name == "recognition.completed"

    submission_id = body["submission_id"]
    kept = store.images[f"images/{submission_id}"]
    result = store.results[f"results/{submission_id}.json"]
    assert result == {
        "submission_id": submission_id,
        "recognizer": {"name": "fake", "version": "7"},
        "image": {
            "width": 320,
            "height": 200,
            "media_type": "image/jpeg",
            "sha256": hashlib.sha256(kept.data).hexdigest(),
        },
        "detections": [
            {
                "label": "face",
                "score": 0.9,
                "box": {"left": 0.1, "top": 0.2, "width": 0.3, "height": 0.4},
            }
        ],
        "created_at": result["created_at"],
    }
    assert outcome.body == {
        "submission_id": submission_id,
        "attempt": 3,
        "result": {"bucket": "results", "key": f"results/{submission_id}.json"},
        "image": result["image"]
        | {
            "bucket": "images",
            "key": f"images/{submission_id}",
            "bytes": len(kept.data),
            "source_media_type": "image/jpeg",
            "source_bytes": len(jpeg),
        },
        "recognizer": {"name": "fake", "version": "7"},
        "detection_count": 1,
        "completed_at": outcome.body["completed_at"],
    }
    # Once the result exists, the image does.
    assert store.log == ["source", "image", "result"]


def test_an_image_is_searched_once(store: FakeStore) -> None:
    recognizer = FakeRecognizer()
    request = read_requested(upload_request("uploads/x"))
    recognition_run(request=request, dependencies=dependencies(store, recognizer))
    assert len(recognizer.seen) == 1


def test_the_stored_image_is_encoded_again(store: FakeStore) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "a secret place"
    store.sources["images", "uploads/x"] = image_bytes("JPEG", exif=exif)
    outcome = recognition_run(
        request=read_requested(upload_request("uploads/x")), dependencies=dependencies(store)
    )
    (kept,) = store.images.values()
    assert b"secret" not in kept.data
    assert (outcome.body["image"]["width"], outcome.body["image"]["height"]) == (200, 320)
    with Image.open(io.BytesIO(kept.data)) as image:
        assert image.size == (200, 320)


def test_a_gif_is_stored_as_another_type_but_reported_as_submitted(store: FakeStore) -> None:
    store.sources["images", "uploads/x"] = image_bytes("GIF")
    outcome = recognition_run(
        request=read_requested(upload_request("uploads/x")), dependencies=dependencies(store)
    )
    assert outcome.body["image"]["source_media_type"] == "image/gif"
    assert outcome.body["image"]["media_type"] == "image/png"


def test_a_result_that_is_there_stays(store: FakeStore) -> None:
    body = upload_request("uploads/x")
    first = recognition_run(request=read_requested(body), dependencies=dependencies(store))
    no_faces = FakeRecognizer(lambda _: ())
    second = recognition_run(
        request=read_requested(body | {"attempt": 2}), dependencies=dependencies(store, no_faces)
    )
    assert len(store.results) == len(store.images) == 1
    assert second.body["detection_count"] == 1
    assert second.body["attempt"] == 2
    assert second.body["image"] == first.body["image"]


def test_the_result_describes_the_stored_image(store: FakeStore) -> None:
    """An earlier attempt died after it had stored another image from the same URL."""
    body = upload_request("uploads/x")
    earlier = image_bytes("PNG", size=(64, 48))
    store.images[f"images/{body['submission_id']}"] = StoredImage(
        earlier, "image/png", "image/gif", 1234
    )

    def by_size(image: NormalizedImage) -> tuple[Detection, ...]:
        return (FACE,) * (2 if image.width == 64 else 1)

    outcome = recognition_run(
        request=read_requested(body), dependencies=dependencies(store, FakeRecognizer(by_size))
    )
    assert_keeps_contract(outcome)
    assert outcome.body["detection_count"] == 2
    image = outcome.body["image"]
    assert image["sha256"] == hashlib.sha256(earlier).hexdigest()
    assert (image["width"], image["height"], image["media_type"]) == (64, 48, "image/png")
    assert (image["source_media_type"], image["source_bytes"]) == ("image/gif", 1234)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "image-unsupported"),
        (b"<svg/>", "image-unsupported"),
        (image_bytes("TIFF"), "image-unsupported"),
        (image_bytes("JPEG")[:400], "image-corrupt"),
        (image_bytes("PNG") + bytes(10_000_000), "image-too-large"),
    ],
)
def test_images_that_cannot_be_taken(store: FakeStore, data: bytes, code: str) -> None:
    store.sources["images", "uploads/x"] = data
    outcome = recognition_run(
        request=read_requested(upload_request("uploads/x")), dependencies=dependencies(store)
    )
    found, retryable = _failure(outcome)
    assert found == code
    assert not retryable
    assert not store.results


def test_an_upload_that_is_gone(store: FakeStore) -> None:
    outcome = recognition_run(
        request=read_requested(upload_request("uploads/other")), dependencies=dependencies(store)
    )
    assert _failure(outcome) == ("image-unreachable", False)


def test_a_store_that_is_away(store: FakeStore) -> None:
    store.away = True
    request = read_requested(upload_request("uploads/x"))
    outcome = recognition_run(request=request, dependencies=dependencies(store))
    assert _failure(outcome) == ("recognizer-unavailable", True)
    assert outcome.body["retry_after_seconds"] == 0
    # A possible crash is counted, also while services are unavailable.
    outcome = recognition_recover(request=request, dependencies=dependencies(store))
    assert _failure(outcome) == ("recognizer-crashed", True)
    assert "retry_after_seconds" not in outcome.body


def _raising(error: Exception) -> FakeRecognizer:
    def act(_: NormalizedImage) -> tuple[Detection, ...]:
        raise error

    return FakeRecognizer(act)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RecognizerUnavailable("The recognizer can't be reached."), "recognizer-unavailable"),
        (LookupError("secret: 10.0.0.1"), "recognizer-crashed"),
        (MemoryError(), "recognizer-crashed"),
    ],
)
def test_recognizers_that_fail(store: FakeStore, error: Exception, code: str) -> None:
    outcome = recognition_run(
        request=read_requested(upload_request("uploads/x")),
        dependencies=dependencies(store, _raising(error)),
    )
    assert _failure(outcome) == (code, True)
    assert "secret" not in outcome.body["detail"]
    assert not store.results


def test_an_error_at_the_time_limit_is_the_time_limit(store: FakeStore) -> None:
    def late(_: NormalizedImage) -> tuple[Detection, ...]:
        time.sleep(0.3)
        message = "interrupted"
        raise ValueError(message)

    outcome = recognition_run(
        request=read_requested(upload_request("uploads/x")),
        dependencies=dependencies(store, FakeRecognizer(late), time_limit_seconds=1.2),
    )
    assert _failure(outcome) == ("timed-out", True)


def test_the_time_limit_runs_from_the_start_of_the_task(store: FakeStore) -> None:
    """The time limit includes waits before the recognition, such as for the broker."""
    outcome = recognition_run(
        request=read_requested(upload_request("uploads/x")),
        dependencies=dependencies(store, _raising(ImageCorrupt("interrupted"))),
        task_started_at=time.monotonic() - 30,
    )
    assert _failure(outcome) == ("timed-out", True)


@pytest.mark.parametrize(("named", "seconds"), [(None, 0.0), (9.5, 9.5)])
def test_a_recognizer_that_is_away_costs_no_attempt(
    store: FakeStore, named: float | None, seconds: float
) -> None:
    outcome = recognition_run(
        request=read_requested(upload_request("uploads/x")),
        dependencies=dependencies(
            store, _raising(RecognizerUnavailable("d", retry_after_seconds=named))
        ),
    )
    assert _failure(outcome) == ("recognizer-unavailable", True)
    assert outcome.body["retry_after_seconds"] == seconds


def test_no_image_is_fetched_while_the_recognizer_is_away(
    store: FakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check_available() -> None:
        raise RecognizerUnavailable("d", retry_after_seconds=3.0)

    recognizer = FakeRecognizer()
    monkeypatch.setattr(recognizer, "check_available", check_available)
    outcome = recognition_run(
        request=read_requested(upload_request("uploads/x")),
        dependencies=dependencies(store, recognizer),
    )
    assert outcome.body["retry_after_seconds"] == 3
    assert not store.log


def test_a_holder_that_died_is_not_followed(store: FakeStore) -> None:
    recognizer = FakeRecognizer()
    outcome = recognition_recover(
        request=read_requested(upload_request("uploads/x")),
        dependencies=dependencies(store, recognizer),
    )
    assert _failure(outcome) == ("recognizer-crashed", True)
    assert not recognizer.seen


def test_a_holder_that_died_after_its_result_has_finished(store: FakeStore) -> None:
    request = read_requested(upload_request("uploads/x"))
    first = recognition_run(request=request, dependencies=dependencies(store))
    outcome = recognition_recover(request=request, dependencies=dependencies(store))
    assert_keeps_contract(outcome)
    assert outcome.body | {"completed_at": ""} == first.body | {"completed_at": ""}
