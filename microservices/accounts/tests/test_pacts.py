"""The pacts of accounts: as a consumer of submissions, as a provider for page and submissions."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.core.wsgi import get_wsgi_application
from pact import Pact, Verifier, match
from pytest_django import Settings
from rest_framework.test import APIClient
from werkzeug.serving import make_server

from accounts import clients
from tests.conftest import PASSWORD
from tests.pacts import assert_written, given

SIGNED_UP = "grace@example.org"  # the account in the page's pact
STATES = ("an account", "signed in")


def test_what_is_needed_of_the_count_of_submissions(tmp_path: Path, settings: Settings) -> None:
    token = "Bearer x.y.z"
    pact = Pact("accounts", "submissions")
    (
        pact.upon_receiving("a request for the caller's count")
        .given("signed in")
        .with_request("GET", "/internal/submission-count")
        .with_header("Authorization", match.regex(token, regex="^Bearer .+$"))
        .will_respond_with(200)
        .with_body({"count": match.int(7)}, "application/json")
    )
    with pact.serve("127.0.0.1") as server:
        settings.SUBMISSIONS_URL = str(server.url).rstrip("/")
        assert clients.submission_count(account_id=uuid4(), authorization=token) == 7
    clients._client().clear()
    clients._client.cache_clear()
    assert_written(pact, tmp_path)


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
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def authorization_of_one(api: APIClient) -> str:
    """Create the account that the pacts name, and return its header."""
    given_account = {"email": SIGNED_UP, "password": PASSWORD}
    response = api.post("/api/v1/accounts", given_account, format="json")
    assert response.status_code in {201, 409}, response.content
    response = api.post("/api/v1/tokens", given_account, format="json")
    assert response.status_code == 200, response.content
    return f"Bearer {response.json()['access_token']}"


def _known(state: str) -> None:
    assert state in {"", *STATES}, f"no provider state {state!r}"


@pytest.mark.parametrize("pact", given("accounts"), ids=lambda path: path.stem)
def test_the_provider_keeps_the_pact(pact: Path, authorization_of_one: str) -> None:
    with _served(_signed_in(authorization_of_one)) as address:
        verifier = Verifier("accounts", host="127.0.0.1").add_source(pact)
        verifier.set_error_on_empty_pact()
        verifier.add_transport(url=address)
        verifier.state_handler(_known)
        verifier.verify()


def test_there_are_pacts_to_keep() -> None:
    assert given("accounts"), "at least one consumer has a pact with accounts"
