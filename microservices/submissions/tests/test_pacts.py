"""The pacts of submissions, as a consumer and as a provider."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections
from pact import Pact, Verifier, match
from pact.types import Message
from pytest_django import Settings
from werkzeug.serving import make_server

from submissions import consumers, keys, services
from submissions.models import OutboxMessage, State, Submission
from submissions.services import NewImage
from tests import recognition
from tests.accounts import Accounts
from tests.backing_services import Valkey
from tests.conftest import image_bytes
from tests.pacts import assert_written, given

TASKS = {
    "an attempt has begun": "recognition.started",
    "an attempt has a result": "recognition.completed",
    "an attempt has failed": "recognition.failed",
    "an attempt can't be made": "recognition.failed",
}
# The names in the page's pact.
OPEN = UUID("019b7d3c-5f0a-7c1e-8a2b-000000000001")
READY = UUID("019b7d3c-5f0a-7c1e-8a2b-000000000002")
BROKEN = UUID("019b7d3c-5f0a-7c1e-8a2b-000000000003")
UNWANTED = UUID("019b7d3c-5f0a-7c1e-8a2b-000000000004")


def test_what_is_needed_of_the_keys_of_accounts(tmp_path: Path, settings: Settings) -> None:
    key = {
        "kty": "OKP",
        "crv": "Ed25519",
        "kid": match.str("k1"),
        "x": match.regex(
            "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", regex="^[A-Za-z0-9_-]{43}$"
        ),
    }
    pact = Pact("submissions", "accounts")
    (
        pact.upon_receiving("a request for the public keys")
        .with_request("GET", "/.well-known/jwks.json")
        .will_respond_with(200)
        .with_body({"keys": match.each_like(key, min=1)}, "application/json")
    )
    with pact.serve("127.0.0.1") as server:
        settings.JWKS_URL = str(server.url / ".well-known" / "jwks.json")
        assert keys._KeyCache().key("k1") is not None
    assert_written(pact, tmp_path)


@pytest.mark.django_db
def test_what_is_needed_of_the_outcomes_of_recognition(tmp_path: Path) -> None:
    """Only the used fields: a message may have more."""
    about: dict[str, Any] = {"submission_id": match.uuid(str(OPEN)), "attempt": match.int(1)}
    more: dict[str, dict[str, Any]] = {
        "an attempt has begun": {},
        "an attempt has a result": {
            "result": {"bucket": match.str("results"), "key": match.str("results/x.json")},
            "detection_count": match.int(1),
            "image": {
                "source_media_type": match.regex("image/jpeg", regex="^image/(jpeg|png|webp|gif)$"),
                "source_bytes": match.int(183204),
            },
        },
        "an attempt has failed": {
            "code": match.str("image-unreachable"),
            "detail": match.str("No service listens there."),
            "retryable": match.bool(False),
        },
        "an attempt can't be made": {
            "code": match.str("recognizer-unavailable"),
            "detail": match.str("It is overloaded."),
            "retryable": match.bool(True),
            "retry_after_seconds": match.number(9.5),
        },
    }
    pact = Pact("submissions", "recognition")
    for description, task in TASKS.items():
        message = pact.upon_receiving(description, "Async")
        message.with_body(about | more[description], "application/json")
        message.with_metadata({"task": task})
    states = []

    def take(body: str | bytes | None, metadata: dict[str, object]) -> None:
        document = json.loads(body or "")
        assert document["submission_id"] == str(OPEN)
        _create(OPEN, uuid4())
        if metadata["task"] != "recognition.started":
            services.submission_claim(submission_id=OPEN, attempt=1)
        consumer = {
            "recognition.started": consumers.recognition_started,
            "recognition.completed": consumers.recognition_completed,
            "recognition.failed": consumers.recognition_failed,
        }[str(metadata["task"])]
        consumer(document)
        states.append(Submission.objects.get(id=OPEN).state)
        Submission.objects.all().delete()

    pact.verify(take, "Async")
    assert sorted(states) == [State.FAILED, State.PENDING, State.PROCESSING, State.SUCCEEDED]
    assert_written(pact, tmp_path)


def _create(submission_id: UUID, account_id: UUID) -> Submission:
    made = services.submission_create(
        account_id=account_id, image=NewImage(url="https://example.org/crew.jpg")
    )
    Submission.objects.filter(id=made.document["id"]).update(id=submission_id)
    return Submission.objects.get(id=submission_id)


def _arrange(account_id: UUID) -> None:
    """Create the submissions of the pacts' provider states."""
    for submission_id in (OPEN, READY, BROKEN, UNWANTED):
        _create(submission_id, account_id)
    for submission_id in (READY, BROKEN):
        services.submission_claim(submission_id=submission_id, attempt=1)
    consumers.recognition_completed(recognition.completed(Submission.objects.get(id=READY)))
    broken = Submission.objects.get(id=BROKEN)
    message = recognition.failed(broken, code="image-corrupt", retryable=False)
    consumers.recognition_failed(message)


STATES = (
    "signed in",
    "signed in, with a submission that waits",
    "signed in, with a submission that has a result",
    "signed in, with a submission that has failed",
)


def _signed_in(header: str) -> Callable[[Any, Any], Any]:
    """The application, with a valid token in place of the pact's example."""
    application = get_wsgi_application()

    def with_token(environ: dict[str, Any], start_response: Any) -> Any:
        if "HTTP_AUTHORIZATION" in environ:
            environ["HTTP_AUTHORIZATION"] = header
        return application(environ, start_response)

    return with_token


@contextmanager
def _served(application: Callable[[Any, Any], Any]) -> Iterator[str]:
    """Yield its URL while it serves."""
    server = make_server("127.0.0.1", 0, application)

    def serve() -> None:
        try:
            server.serve_forever(0.05)
        finally:
            connections.close_all()  # this thread's

    thread = Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _known(state: str) -> None:
    assert state in {"", *STATES}, f"no provider state {state!r}"


def _requests(account_id: UUID) -> dict[str, Callable[..., Message] | Message | bytes]:
    """Return messages that would be published, by their names in the pacts."""
    images = {
        "a request for an address": NewImage(url="https://example.org/crew.jpg"),
        "a request for an upload": NewImage(data=image_bytes(), media_type="image/jpeg"),
    }
    received: dict[str, Callable[..., Message] | Message | bytes] = {}
    for description, image in images.items():
        services.submission_create(account_id=account_id, image=image)
        message = OutboxMessage.objects.latest("id")
        received[description] = Message(
            contents=json.dumps(message.body).encode(),
            metadata={"task": message.name},
            content_type="application/json",
        )
    return received


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("pact", given("submissions"), ids=lambda path: path.stem)
def test_the_provider_keeps_the_pact(
    pact: Path, accounts: Accounts, account_id: UUID, valkey: Valkey
) -> None:
    valkey.stop()  # a message that is published leaves the outbox
    try:
        requests = _requests(account_id)
    finally:
        valkey.start()
    _arrange(account_id)
    with _served(_signed_in(f"Bearer {accounts.token(account_id)}")) as address:
        verifier = Verifier("submissions", host="127.0.0.1").add_source(pact)
        verifier.set_error_on_empty_pact()
        verifier.add_transport(url=address)
        verifier.message_handler(requests)
        verifier.state_handler(_known)
        verifier.verify()


def test_there_are_pacts_to_keep() -> None:
    assert given("submissions"), "at least one consumer has a pact with submissions"
