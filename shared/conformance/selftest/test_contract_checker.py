"""The checker refuses what the contract does not allow, and accepts the rest."""

import json
from typing import Any

import httpx
import pytest
from support.contract import Contract, ContractViolation

CONTRACT = Contract()
ACCOUNT = CONTRACT.document["components"]["examples"]["Account"]["value"]
SUBMISSION = CONTRACT.document["components"]["examples"]["SubmissionSucceeded"]["value"]
NOT_FOUND = {
    "type": "/problems/not-found",
    "title": "Not found",
    "status": 404,
    "detail": "There is nothing here.",
    "code": "not-found",
}
PATH = f"/api/v1/submissions/{SUBMISSION['id']}"


def response(
    status: int,
    body: Any = None,
    *,
    method: str = "GET",
    path: str = "/api/v1/account",
    media_type: str = "application/json",
    **headers: str,
) -> httpx.Response:
    content = (
        b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    )
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if content:
        sent["Content-Type"] = media_type
    request = httpx.Request(method, f"http://target{path}")
    return httpx.Response(status, content=content, headers=sent, request=request)


def problem(sent: int = 404, *, path: str = PATH, **changes: Any) -> httpx.Response:
    body = NOT_FOUND | {"status": sent} | changes
    return response(sent, body, path=path, media_type="application/problem+json")


GOOD = {
    "account": response(200, ACCOUNT),
    "submission": response(200, SUBMISSION, path=PATH, ETag='"1"'),
    "not-modified": response(304, path=PATH, ETag='"1"'),
    "deleted": response(204, method="DELETE", path=PATH),
    "not-found": problem(),
    "unknown-route": problem(path="/nothing"),
    "image": response(
        200, b"\xff\xd8\xff", path=f"{PATH}/image", media_type="image/jpeg",
        X_Content_Type_Options="nosniff",
    ),
}  # fmt: skip
BAD = {
    "undocumented-status": response(206, ACCOUNT),
    "server-error": response(500, NOT_FOUND, media_type="application/problem+json"),
    "unknown-route-with-a-success": response(200, ACCOUNT, path="/api/v1/nothing"),
    "wrong-method-with-a-success": response(200, ACCOUNT, method="PUT"),
    "field-missing": response(200, {k: v for k, v in ACCOUNT.items() if k != "id"}),
    "field-of-another-type": response(200, ACCOUNT | {"submission_count": "3"}),
    "id-that-is-none": response(200, ACCOUNT | {"id": "7"}),
    "time-without-zone": response(200, ACCOUNT | {"created_at": "2026-01-02T03:04:05"}),
    "time-of-another-zone": response(200, ACCOUNT | {"created_at": "2026-01-02T03:04:05+02:00"}),
    "media-type": response(200, ACCOUNT, media_type="text/html"),
    "broken-json": response(200, b"{"),
    "not-utf-8": response(200, b'{"a": "\xff"}'),
    "nan": response(200, b'{"id": NaN}'),
    "header-missing": response(200, SUBMISSION, path=PATH),
    "header-of-another-shape": response(200, SUBMISSION, path=PATH, ETag="1"),
    "body-with-204": response(204, ACCOUNT, method="DELETE", path=PATH),
    "succeeded-without-count": response(
        200, SUBMISSION | {"detection_count": None}, path=PATH, ETag='"1"'
    ),
    "failed-without-error": response(
        200, SUBMISSION | {"state": "failed", "detection_count": None}, path=PATH, ETag='"1"'
    ),
    "pending-and-complete": response(200, SUBMISSION | {"state": "pending"}, path=PATH, ETag='"1"'),
    "problem-with-another-status": problem(404, status=400),
    "problem-of-another-code": problem(404, code="unauthenticated"),
    "problem-with-another-type": problem(404, type="/problems/gone"),
    "problem-without-title": problem(404, title=""),
    "problem-as-json": response(404, NOT_FOUND, path=PATH),
    "problem-that-reveals-internals": problem(404, detail="psycopg.OperationalError"),
    "401-without-challenge": problem(401, code="unauthenticated", type="/problems/unauthenticated"),
    "image-that-may-be-sniffed": response(
        200, b"\xff\xd8\xff", path=f"{PATH}/image", media_type="image/jpeg"
    ),
    "image-as-page": response(
        200, b"<p>", path=f"{PATH}/image", media_type="text/html", X_Content_Type_Options="nosniff"
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_it_lets_pass(name: str) -> None:
    CONTRACT.check(GOOD[name])


@pytest.mark.parametrize("name", BAD)
def test_it_refuses(name: str) -> None:
    with pytest.raises(ContractViolation):
        CONTRACT.check(BAD[name])


def test_a_422_needs_errors() -> None:
    changes = {"code": "invalid", "type": "/problems/invalid"}
    CONTRACT.check(problem(422, **changes, errors={"wait": ["At most 20."]}))
    with pytest.raises(ContractViolation):
        CONTRACT.check(problem(422, **changes))
