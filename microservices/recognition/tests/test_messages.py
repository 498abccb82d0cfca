"""Valid and malformed requests."""

import json
from pathlib import Path
from typing import Any

import pytest

from recognition.celery import OUTCOME_QUEUE, QUEUE
from recognition.errors import MalformedMessage
from recognition.messages import Location, RecognitionRequested, UrlSource, read_requested
from tests.backing_services import upload_request, url_request
from tests.contract import schema


def test_the_contract_s_own_examples_are_read() -> None:
    by_address, by_upload = (
        read_requested(example) for example in schema("recognition.requested")["examples"]
    )
    assert by_address.source == UrlSource("https://example.org/crew.jpg")
    assert isinstance(by_upload.source, Location)
    assert by_upload.attempt == 2


def test_the_queues_are_the_contract_s() -> None:
    assert schema("recognition.requested")["x-queue"] == QUEUE
    for outcome in ("started", "completed", "failed"):
        assert schema(f"recognition.{outcome}")["x-queue"] == OUTCOME_QUEUE
    procfile = (Path(__file__).parents[1] / "Procfile").read_text()
    assert f" worker --queues {QUEUE} " in procfile


def test_fields_that_are_not_known_are_ignored() -> None:
    body = upload_request("uploads/x")
    more = body | {"priority": 7, "image": body["image"] | {"etag": "x"}}
    assert read_requested(more) == read_requested(body)


def test_only_needed_fields_are_required() -> None:
    body = url_request("https://example.org/a.jpg")
    del body["requested_at"]
    assert isinstance(read_requested(body), RecognitionRequested)


@pytest.mark.parametrize(
    "change",
    [
        {"submission_id": None},
        {"submission_id": 7},
        {"submission_id": "../../etc/passwd"},
        {"attempt": None},
        {"attempt": 0},
        {"attempt": -1},
        {"attempt": True},
        {"attempt": "1"},
        {"attempt": 1.5},
        {"image": None},
        {"image": []},
        {"image": {}},
        {"image": {"kind": "url"}},
        {"image": {"kind": "url", "url": ""}},
        {"image": {"kind": "url", "url": 7}},
        {"image": {"kind": "upload", "bucket": "images"}},
        {"image": {"kind": "upload", "key": "uploads/x"}},
        {"image": {"kind": "video", "url": "https://example.org/a.mp4"}},
        {"image": {"kind": {}}},
    ],
)
def test_what_cannot_be_meant_is_malformed(change: dict[str, Any]) -> None:
    body = url_request("https://example.org/a.jpg") | change
    with pytest.raises(MalformedMessage) as caught:
        read_requested({name: value for name, value in body.items() if value is not None})
    assert str(caught.value)


@pytest.mark.parametrize("body", [None, [], "x", 7, json.dumps(url_request("https://x.example/"))])
def test_what_is_no_object_is_malformed(body: object) -> None:
    with pytest.raises(MalformedMessage):
        read_requested(body)
