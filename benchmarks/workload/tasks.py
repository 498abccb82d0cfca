"""The calls of the flow, one function each, on a Locust user's HTTP client.

Each call has one name in Locust's statistics, whatever ids its path has. A call that the target
refuses is a failure in Locust and raises `Refused`, so that a task ends where its flow does.
"""

import json
import secrets
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import gevent
from locust.contrib.fasthttp import FastHttpSession, ResponseContextManager

from benchmarks.workload.accounts import Account

API = "/api/v1"
FINAL_STATES = frozenset({"succeeded", "failed"})
WAIT_SECONDS = 20  # the longest `wait` that the contract allows
REPEAT_SECONDS = 0.5  # of a persistent client, between a refusal and the next request

PAGE = "/"
ACCOUNTS = "/accounts"
TOKENS = "/tokens"
ACCOUNT = "/account"
SUBMIT_UPLOAD = "/submissions (upload)"
SUBMIT_ADDRESS = "/submissions (address)"
WAIT = "/submissions/[id]?wait"
RESULT = "/submissions/[id]/result"
LIST = "/submissions"


class Refused(Exception):
    """The response isn't the one that the flow needs; it is counted as a failure already."""

    def __init__(self, name: str, status: int, retry_after_seconds: float) -> None:
        super().__init__(f"{name}: status {status}")
        self.status = status
        self.retry_after_seconds = retry_after_seconds


@dataclass(frozen=True, slots=True)
class Upload:
    """A complete multipart body: encoded once, sent by every user."""

    body: bytes
    content_type: str

    @classmethod
    def of_file(cls, path: Path) -> "Upload":
        """Return an image file as the form that `POST /submissions` accepts."""
        boundary = secrets.token_hex(16)
        media_type = {".png": "image/png", ".webp": "image/webp", ".gif": "image/gif"}.get(
            path.suffix.lower(), "image/jpeg"
        )
        head = (
            f"--{boundary}\r\n"
            f'Content-Disposition: form-data; name="image"; filename="{path.name}"\r\n'
            f"Content-Type: {media_type}\r\n\r\n"
        )
        body = head.encode() + path.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
        return cls(body, f"multipart/form-data; boundary={boundary}")


def sign_up(client: FastHttpSession) -> Account:
    """Create an account with a new email address and password, sign in, and return it."""
    account = Account(f"load-{uuid.uuid4().hex}@example.com", secrets.token_urlsafe(18))
    credentials = {"email": account.email, "password": account.password}
    with client.post(
        f"{API}/accounts", name=ACCOUNTS, json=credentials, catch_response=True
    ) as response:
        expect(response, ACCOUNTS, 201)
    sign_in(client, account)
    return account


def sign_in(client: FastHttpSession, account: Account) -> None:
    """Request a new token for the account and store it there."""
    credentials = {"email": account.email, "password": account.password}
    with client.post(
        f"{API}/tokens", name=TOKENS, json=credentials, catch_response=True
    ) as response:
        expect(response, TOKENS, 200)
        token = read_object(response, TOKENS)
        account.token = token["access_token"]
        account.expires_at = time.monotonic() + float(token["expires_in"])


def submit_upload(
    client: FastHttpSession,
    account: Account,
    upload: Upload,
    context: Mapping[str, float] = MappingProxyType({}),
) -> str:
    """Submit an image as an upload; return the submission's id.

    `context` is added to the context of Locust's request event.
    """
    headers = {**account.headers, "Content-Type": upload.content_type}
    return _submit(client, SUBMIT_UPLOAD, upload.body, headers, context)


def submit_url(
    client: FastHttpSession,
    account: Account,
    image_url: str,
    context: Mapping[str, float] = MappingProxyType({}),
) -> str:
    """Submit the URL of an image; return the submission's id. `context` as in `submit_upload`."""
    headers = {**account.headers, "Content-Type": "application/json"}
    body = json.dumps({"image_url": image_url})
    return _submit(client, SUBMIT_ADDRESS, body, headers, context)


def _submit(
    client: FastHttpSession,
    name: str,
    body: Any,
    headers: dict[str, str],
    context: Mapping[str, float],
) -> str:
    with client.request(
        "POST",
        f"{API}/submissions",
        name=name,
        data=body,
        headers=headers,
        catch_response=True,
        context=dict(context),
    ) as response:
        expect(response, name, 202)
        submission = read_object(response, name)
        submission_id = str(submission["id"])
        response.request_meta["context"] |= {
            "submission_id": submission_id,
            "created_at": submission.get("created_at"),
        }
        return submission_id


def wait_until_final(
    client: FastHttpSession,
    account: Account,
    submission_id: str,
    *,
    timeout_seconds: float,
    persistent: bool = False,
) -> str | None:
    """Return the submission's final state, `succeeded` or `failed`; None at the time limit.

    A persistent client repeats a refused request after `REPEAT_SECONDS`, whatever its reason, so
    that a read that fails for a moment doesn't count as a submission that never became ready.
    Otherwise raises Refused.
    """
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        wait = max(1, min(WAIT_SECONDS, int(deadline - time.monotonic())))
        try:
            state = _read_state(client, account, submission_id, wait)
        except Refused:
            if not persistent:
                raise
            gevent.sleep(REPEAT_SECONDS)
            continue
        if state in FINAL_STATES:
            return state
    return None


def _read_state(client: FastHttpSession, account: Account, submission_id: str, wait: int) -> str:
    path = f"{API}/submissions/{submission_id}?wait={wait}"
    context = {"submission_id": submission_id}
    with client.get(
        path, name=WAIT, headers=account.headers, context=context, catch_response=True
    ) as response:
        expect(response, WAIT, 200)
        return str(read_object(response, WAIT)["state"])


def read_result(client: FastHttpSession, account: Account, submission_id: str) -> None:
    """Read the result document; a failure unless it is this submission's."""
    path = f"{API}/submissions/{submission_id}/result"
    context = {"submission_id": submission_id}
    with client.get(
        path, name=RESULT, headers=account.headers, context=context, catch_response=True
    ) as response:
        expect(response, RESULT, 200)
        if read_object(response, RESULT)["submission_id"] != submission_id:
            response.failure("the result belongs to another submission")


def list_submissions(client: FastHttpSession, account: Account) -> None:
    """Read the newest submissions of the account, 20 at most."""
    _get(client, f"{API}/submissions?limit=20", LIST, account.headers)


def read_account(client: FastHttpSession, account: Account) -> int | None:
    """Read the account; return its number of submissions, None if the response has none."""
    with client.get(
        f"{API}/account", name=ACCOUNT, headers=account.headers, catch_response=True
    ) as response:
        expect(response, ACCOUNT, 200)
        count = read_object(response, ACCOUNT).get("submission_count")
        return count if isinstance(count, int) else None


def fetch_page(client: FastHttpSession) -> None:
    """Read the web page from the edge."""
    _get(client, PAGE, PAGE, {})


def _get(client: FastHttpSession, path: str, name: str, headers: dict[str, str]) -> None:
    with client.get(path, name=name, headers=headers, catch_response=True) as response:
        expect(response, name, 200)


def expect(response: ResponseContextManager, name: str, status: int) -> None:
    """Return for the expected status; count another as a failure and raise Refused."""
    if response.status_code == status:
        return
    broken = getattr(response, "error", None) if response.status_code == 0 else None
    response.failure(broken or f"status {response.status_code}, {status} expected")
    raise Refused(name, response.status_code, _retry_after(response))


def read_object(response: ResponseContextManager, name: str) -> dict[str, Any]:
    """Return the JSON object of a response. Anything else is a failure: raises Refused."""
    try:
        document = json.loads(response.content or b"")
    except ValueError:
        document = None
    if not isinstance(document, dict):
        response.failure("the response is not a JSON object")
        raise Refused(name, response.status_code, 0.0)
    return document


def _retry_after(response: ResponseContextManager) -> float:
    value = str(response.headers.get("retry-after")) if response.headers is not None else ""
    return float(value) if value.isdecimal() else 0.0
