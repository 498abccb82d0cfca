"""Pacts of the page: each call of js/api.js against the mock of the pact.

The providers are two microservices or the monolith; the expectations are the same.
"""

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pact import Pact, match
from playwright.sync_api import Page, Route

from tests.pacts import assert_written
from tests.places import GROUP
from tests.user import PASSWORD

Json = dict[str, Any]
Call = Callable[..., Any]

URL = "https://example.org/crew.jpg"
SIGNED_UP = "grace@example.org"
OPEN = "019b7d3c-5f0a-7c1e-8a2b-000000000001"
READY = "019b7d3c-5f0a-7c1e-8a2b-000000000002"
BROKEN = "019b7d3c-5f0a-7c1e-8a2b-000000000003"
UNWANTED = "019b7d3c-5f0a-7c1e-8a2b-000000000004"
NOWHERE = "019b7d3c-5f0a-7c1e-8a2b-000000000009"
WAITS, HAS_RESULT, HAS_FAILED = (
    f"signed in, with a submission that {what}" for what in ("waits", "has a result", "has failed")
)

CALL = """async ([name, given]) => {
  const { Api } = await import("/js/api.js");
  const { signal } = new AbortController();
  const api = new Api({ usableToken: async () => "x.y.z", expire() {}, signal });
  try {
    const value = await api[name](...given);
    return value instanceof Blob ? { type: value.type, size: value.size } : value;
  } catch (problem) {
    return { code: problem.code, status: problem.status };
  }
}"""
UPLOAD = """async ([data, key]) => {
  const { Api } = await import("/js/api.js");
  const { signal } = new AbortController();
  const api = new Api({ usableToken: async () => "x.y.z", expire() {}, signal });
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  const file = new File([bytes], "group.jpg", { type: "image/jpeg" });
  return api.createSubmission({ file, key });
}"""


def _submission(state: Any, **more: Any) -> Json:
    image = {"kind": match.regex("url", regex="^(url|upload)$")}
    return {
        "id": match.uuid(OPEN),
        "state": state,
        "image": image,
        "created_at": match.regex("2026-01-02T03:04:05Z", regex=r"^\d{4}-\d\d-\d\dT.+Z$"),
    } | more


def _problem(pact: Any, status: int, code: str) -> None:
    body = {"code": code, "detail": match.str("Why.")}
    pact.will_respond_with(status).with_body(body, "application/problem+json")


def _authorized(pact: Pact, description: str, state: str, method: str, path: str) -> Any:
    request = pact.upon_receiving(description).given(state).with_request(method, path)
    return request.with_header("Authorization", match.regex("Bearer x.y.z", regex="^Bearer .+$"))


def _needs_of_accounts(pact: Pact) -> None:
    typed = {"email": "new@example.org", "password": PASSWORD}
    known = typed | {"email": SIGNED_UP}
    request = pact.upon_receiving("signing up").with_request("POST", "/api/v1/accounts")
    request.with_body(typed, "application/json")
    request.will_respond_with(201).with_body({"email": typed["email"]}, "application/json")

    request = pact.upon_receiving("signing up again").given("an account")
    request.with_request("POST", "/api/v1/accounts").with_body(known, "application/json")
    _problem(request, 409, "email-taken")

    request = pact.upon_receiving("signing in").given("an account")
    request.with_request("POST", "/api/v1/tokens").with_body(known, "application/json")
    token = {"access_token": match.str("x.y.z"), "expires_in": match.int(900)}
    request.will_respond_with(200).with_body(token, "application/json")

    request = pact.upon_receiving("signing in with a wrong password").given("an account")
    wrong = known | {"password": "analytical engine no 1"}
    request.with_request("POST", "/api/v1/tokens").with_body(wrong, "application/json")
    _problem(request, 401, "invalid-credentials")

    request = _authorized(pact, "who is signed in", "signed in", "GET", "/api/v1/account")
    request.will_respond_with(200).with_body({"email": match.str(SIGNED_UP)}, "application/json")


def _calls_accounts(call: Call) -> None:
    typed = {"email": "new@example.org", "password": PASSWORD}
    known = typed | {"email": SIGNED_UP}
    assert call("createAccount", typed)["email"] == typed["email"]
    assert call("createAccount", known) == {"code": "email-taken", "status": 409}
    assert call("createToken", known)["expires_in"] == 900
    wrong = known | {"password": "analytical engine no 1"}
    assert call("createToken", wrong) == {"code": "invalid-credentials", "status": 401}
    assert call("getAccount")["email"] == SIGNED_UP


def _needs_of_submissions(pact: Pact) -> None:
    path = "/api/v1/submissions"
    key = match.regex("k-1", regex="^.{1,255}$")
    accepted = _submission(match.regex("pending", regex="^(pending|processing)$"))

    request = _authorized(pact, "submitting a URL", "signed in", "POST", path)
    request.with_header("Idempotency-Key", key)
    request.with_body({"image_url": URL}, "application/json")
    request.will_respond_with(202).with_body(accepted, "application/json")

    request = _authorized(pact, "submitting an upload", "signed in", "POST", path)
    other = match.regex("k-2", regex="^.{1,255}$")
    request.with_header("Idempotency-Key", other)
    request.with_multipart_file("image", GROUP, "image/jpeg", boundary="page")
    request.will_respond_with(202).with_body(accepted, "application/json")

    item = _submission(match.str("pending"))
    request = _authorized(pact, "the first page of many", WAITS, "GET", path)
    request.with_query_parameter("limit", "1")
    first: Json = {"items": match.each_like(item, min=1), "next_cursor": match.str("c")}
    request.will_respond_with(200).with_body(first, "application/json")

    request = _authorized(pact, "the only page", WAITS, "GET", path)
    request.with_query_parameter("limit", "100")
    only: Json = {"items": match.each_like(item, min=1), "next_cursor": None}
    request.will_respond_with(200).with_body(only, "application/json")

    request = _authorized(pact, "one that waits", WAITS, "GET", f"{path}/{OPEN}")
    waiting = _submission("pending", id=OPEN)
    request.will_respond_with(200).with_body(waiting, "application/json")

    request = _authorized(pact, "one that is waited for", HAS_RESULT, "GET", f"{path}/{READY}")
    request.with_query_parameter("wait", "20")
    finished = {"completed_at": match.str("2026-01-02T03:04:06Z")}
    ready = _submission("succeeded", id=READY, detection_count=match.int(1), **finished)
    request.will_respond_with(200).with_body(ready, "application/json")

    request = _authorized(pact, "one that has failed", HAS_FAILED, "GET", f"{path}/{BROKEN}")
    error = {"code": match.str("image-corrupt"), "detail": match.str("Why.")}
    broken = _submission("failed", id=BROKEN, error=error, **finished)
    request.will_respond_with(200).with_body(broken, "application/json")

    request = _authorized(pact, "a result", HAS_RESULT, "GET", f"{path}/{READY}/result")
    sides = ("left", "top", "width", "height")
    detection = {
        "score": match.number(0.5),
        "box": {side: match.number(0.25) for side in sides},
    }
    result = {
        "image": {"width": match.int(40), "height": match.int(30)},
        "detections": match.each_like(detection, min=1),
    }
    request.will_respond_with(200).with_body(result, "application/json")

    request = _authorized(pact, "an image", HAS_RESULT, "GET", f"{path}/{READY}/image")
    kind = match.regex("image/jpeg", regex="^image/.+$")
    request.will_respond_with(200).with_header("Content-Type", kind)

    request = _authorized(pact, "deleting one", WAITS, "DELETE", f"{path}/{UNWANTED}")
    request.will_respond_with(204)

    request = _authorized(pact, "one that isn't there", WAITS, "GET", f"{path}/{NOWHERE}")
    _problem(request, 404, "not-found")


def _calls_submissions(call: Call) -> None:
    assert call("createSubmission", {"url": URL, "key": "k-1"})["state"] == "pending"
    assert call("listSubmissions", {"limit": 1})["next_cursor"] == "c"
    assert call("listSubmissions", {"limit": 100})["next_cursor"] is None
    assert call("getSubmission", OPEN)["state"] == "pending"
    assert call("getSubmission", READY, {"waitSeconds": 20})["detection_count"] == 1
    assert call("getSubmission", BROKEN)["error"]["code"] == "image-corrupt"
    assert call("getResult", READY)["image"] == {"width": 40, "height": 30}
    assert call("getImage", READY)["type"] == "image/jpeg"
    call("deleteSubmission", UNWANTED)
    assert call("getSubmission", NOWHERE) == {"code": "not-found", "status": 404}


@pytest.mark.parametrize("provider", ["accounts", "submissions", "monolith"])
def test_what_the_page_needs(provider: str, page: Page, tmp_path: Path) -> None:
    pact = Pact("web", provider)
    if provider != "submissions":
        _needs_of_accounts(pact)
    if provider != "accounts":
        _needs_of_submissions(pact)
    with pact.serve("127.0.0.1") as mock:

        def forward(route: Route) -> None:
            received = urlsplit(route.request.url)
            there = urlsplit(str(mock.url))
            url = received._replace(netloc=there.netloc).geturl()
            route.continue_(url=url)

        page.route("**/api/v1/**", forward)

        def call(name: str, *given: Any) -> Any:
            return page.evaluate(CALL, [name, list(given)])

        if provider != "submissions":
            _calls_accounts(call)
        if provider != "accounts":
            _calls_submissions(call)
            _upload(page)
        page.unroute("**/api/v1/**")
    assert_written(pact, tmp_path)


def _upload(page: Page) -> None:
    data = b64encode(GROUP.read_bytes()).decode()
    assert page.evaluate(UPLOAD, [data, "k-2"])["state"] == "pending"
