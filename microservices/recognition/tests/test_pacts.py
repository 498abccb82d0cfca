"""The pacts of recognition: as a consumer of requests, as a provider of outcomes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pact import Pact, Verifier, match
from pact.types import Message

from imaging import Detection, NormalizedImage, RecognizerUnavailable
from recognition.messages import Location, Outgoing, UrlSource, read_requested, started
from recognition.services import recognition_run
from tests.backing_services import upload_request
from tests.fakes import FakeRecognizer, FakeStore, dependencies
from tests.pacts import assert_written, given

SUBMISSION_ID = "019b7d3c-5f0a-7c1e-8a2b-3c4d5e6f7a8b"


def _requested(pact: Pact, description: str, image: dict[str, Any]) -> None:
    body = {
        "submission_id": match.uuid(SUBMISSION_ID),
        "attempt": match.int(1),
        "image": image,
    }
    message = pact.upon_receiving(description, "Async")
    message.with_body(body, "application/json").with_metadata({"task": "recognition.requested"})


def test_what_recognition_needs_of_a_request(tmp_path: Path) -> None:
    """Only the used fields: a request may have more."""
    pact = Pact("recognition", "submissions")
    address = {"kind": "url", "url": match.str("https://example.org/crew.jpg")}
    upload = {
        "kind": "upload",
        "bucket": match.str("images"),
        "key": match.str("uploads/x"),
    }
    _requested(pact, "a request for an address", address)
    _requested(pact, "a request for an upload", upload)
    read = []

    def take(body: str | bytes | None, metadata: dict[str, object]) -> None:
        assert metadata["task"] == "recognition.requested"
        read.append(read_requested(json.loads(body or "")))

    pact.verify(take, "Async")
    assert {type(request.source) for request in read} == {UrlSource, Location}
    assert {str(request.submission_id) for request in read} == {SUBMISSION_ID}
    assert_written(pact, tmp_path)


def _message(outcome: Outgoing) -> Message:
    body = json.dumps(outcome.body).encode()
    return Message(contents=body, metadata={"task": outcome.name}, content_type="application/json")


def _away(_: NormalizedImage) -> tuple[Detection, ...]:
    raise RecognizerUnavailable("It is overloaded.", retry_after_seconds=9.5)


@pytest.mark.parametrize("pact", given("recognition"), ids=lambda path: path.stem)
def test_the_provider_keeps_the_pact(pact: Path, jpeg: bytes) -> None:
    """Return messages that would be published, by their names in the pacts."""
    store = FakeStore()
    store.sources["images", "uploads/x"] = jpeg
    request = read_requested(upload_request("uploads/x"))
    gone = read_requested(upload_request("uploads/gone"))
    outcomes: dict[str, Callable[..., Message] | Message | bytes] = {
        "an attempt has begun": _message(started(request)),
        "an attempt has a result": _message(
            recognition_run(request=request, dependencies=dependencies(store))
        ),
        "an attempt has failed": _message(
            recognition_run(request=gone, dependencies=dependencies(store))
        ),
        "an attempt can't be made": _message(
            recognition_run(
                request=request, dependencies=dependencies(store, FakeRecognizer(_away))
            )
        ),
    }
    verifier = Verifier("recognition").add_source(pact).set_error_on_empty_pact()
    verifier.message_handler(outcomes).verify()


def test_there_are_pacts_to_keep() -> None:
    assert given("recognition"), "at least one consumer has a pact with recognition"
