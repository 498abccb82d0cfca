"""Verify the monolith against the pact of the page.

Inside, nothing needs one: types and the suite see every caller.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections
from pact import Verifier
from rest_framework.test import APIClient
from werkzeug.serving import make_server

from recognition.services import recognition_run
from submissions import services, storage, tasks
from submissions.models import Submission
from submissions.services import NewImage
from tests.conftest import PASSWORD, image_bytes

COPIES = Path(__file__).parents[1] / "contracts" / "pacts"
# Of the deployed version of the page, if a release is checked; otherwise this folder's own.
GIVEN = Path(os.environ.get("PACTS", COPIES))
PACTS = sorted(GIVEN.glob("*-monolith.json"))
os.environ["PACT_DO_NOT_TRACK"] = "true"  # Otherwise Pact sends usage data to its authors

# The names in the pact.
SIGNED_UP = "grace@example.org"
OPEN, READY, BROKEN, UNWANTED = (
    UUID(f"019b7d3c-5f0a-7c1e-8a2b-00000000000{number}") for number in range(1, 5)
)
STATES = (
    "an account",
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


@pytest.fixture
def authorization_of_one(api: APIClient) -> str:
    """Create the account that the pact names, and return its header."""
    given_account = {"email": SIGNED_UP, "password": PASSWORD}
    response = api.post("/api/v1/accounts", given_account, format="json")
    assert response.status_code in {201, 409}, response.content
    response = api.post("/api/v1/tokens", given_account, format="json")
    assert response.status_code == 200, response.content
    return f"Bearer {response.json()['access_token']}"


def _create(submission_id: UUID, account_id: UUID) -> Submission:
    made = services.submission_create(
        account_id=account_id, image=NewImage(data=image_bytes(), media_type="image/jpeg")
    )
    Submission.objects.filter(id=made.document["id"]).update(id=submission_id)
    storage.upload_put(submission_id=submission_id, data=image_bytes())
    return Submission.objects.get(id=submission_id)


def _arrange(account_id: UUID) -> None:
    """Create the submissions of the pact's provider states."""
    for submission_id in (OPEN, READY, BROKEN, UNWANTED):
        _create(submission_id, account_id)
    ready = services.submission_claim(submission_id=READY, attempt=1)
    assert ready is not None
    outcome = recognition_run(submission_id=READY, source=tasks.submission_source(ready))
    assert services.submission_complete(submission_id=READY, attempt=1, outcome=outcome)
    services.submission_claim(submission_id=BROKEN, attempt=1)
    assert services.submission_fail(
        submission_id=BROKEN, attempt=1, code="image-corrupt", detail="Why.", retryable=False
    )


def _known(state: str) -> None:
    assert state in {"", *STATES}, f"no provider state {state!r}"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("pact", PACTS, ids=lambda path: path.stem)
def test_the_provider_keeps_the_pact(pact: Path, api: APIClient, authorization_of_one: str) -> None:
    account = api.get("/api/v1/account", headers={"Authorization": authorization_of_one}).json()
    _arrange(UUID(account["id"]))
    with _served(_signed_in(authorization_of_one)) as address:
        verifier = Verifier("monolith", host="127.0.0.1").add_source(pact)
        verifier.set_error_on_empty_pact()
        verifier.add_transport(url=address)
        verifier.state_handler(_known)
        verifier.verify()


def test_there_is_a_pact_to_keep() -> None:
    assert PACTS, "the page needs what the monolith gives"
