"""Generated requests, valid and invalid: every response is documented, none is a 5xx."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from support.client import Account, Api, Session
from support.contract import Contract
from support.fuzz import Fuzzing
from support.images import small_image

CONTRACT = Contract()
SCHEMA = schemathesis.openapi.from_dict(CONTRACT.document)
# Without parameters and a body there is no invalid request
GENERATED = [
    (f"{method.upper()} {path}", mode)
    for path, method, operation in CONTRACT.operations()
    for mode in ("good", "bad")
    if mode == "good" or "{id}" in path or operation.keys() & {"parameters", "requestBody"}
]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
    ignored_auth,
]
# Each costs a hash, and the target counts failures of one IP address
EXAMPLES_AT_MOST = {"POST /api/v1/tokens": 15, "POST /api/v1/accounts": 60}
MODES = {"good": GenerationMode.POSITIVE, "bad": GenerationMode.NEGATIVE}


@pytest.fixture(scope="module")
def session(api: Api, account: Account) -> Session:
    return Session(api, account)


@pytest.fixture(scope="module")
def owned(api: Api, account: Account) -> str:
    """Return an existing submission, so that not every generated id is unknown."""
    submitted = api.submit_upload(small_image(), by=account).json()
    api.final(submitted["id"], by=account)
    return str(submitted["id"])


@pytest.fixture(scope="module", autouse=True)
def _clean(api: Api, session: Session) -> Iterator[None]:
    """Delete the submissions of generated requests."""
    yield
    params = {"limit": 100}
    while items := api.get("/submissions", by=session.account, params=params).json()["items"]:
        for item in items:
            api.delete(f"/submissions/{item['id']}", by=session.account)


def harmless(case: Case[Any]) -> None:
    """Replace the host of generated URLs, so that no real server gets requests."""
    body = case.body
    url = body.get("image_url") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(url, str):
        return
    try:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname:
            body["image_url"] = urlunsplit(parts._replace(netloc="conformance.invalid"))
    except ValueError:
        return


@pytest.mark.schemathesis
@pytest.mark.parametrize("generated", GENERATED, ids=" ".join)
def test_generated_requests(
    base_url: str,
    session: Session,
    owned: str,
    fuzzing: Fuzzing,
    generated: tuple[str, str],
) -> None:
    label, mode = generated
    examples = fuzzing.examples
    statuses: set[int] = set()
    operation = SCHEMA.find_operation_by_label(label)
    assert operation is not None
    checks = [*CHECKS, *([negative_data_rejection] if mode == "bad" else [])]
    ids = (
        st.sampled_from([owned, str(uuid4())]) if label.startswith("GET") else st.just(str(uuid4()))
    )

    @settings(
        max_examples=min(examples, EXAMPLES_AT_MOST.get(label, examples)),
        deadline=None,
        database=None,
        derandomize=fuzzing.seed is None,
        verbosity=Verbosity.quiet,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=MODES[mode]), submission_id=ids)
    def run(case: Case[Any], submission_id: str) -> None:
        harmless(case)
        parameters: dict[str, Any] = case.path_parameters or {}
        if mode == "good" and "id" in parameters:
            parameters["id"] = submission_id
        fuzzing.counts["schemathesis cases"] += 1
        headers = {"Authorization": f"Bearer {session.account.token}"}
        response = case.call_and_validate(base_url, headers=headers, checks=checks, timeout=30)
        statuses.add(response.status_code)
        fuzzing.counts[f"responses with {response.status_code}"] += 1

    if fuzzing.seed is not None:
        run = seed(fuzzing.seed)(run)
    run()
    if mode == "good" and label != "POST /api/v1/tokens":  # whose generated passwords are wrong
        assert statuses != {401}, "no request got past the token"
