"""A client that checks every response against the contract before it returns it."""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import httpx
import pytest

from support.contract import Contract

PREFIX = "/api/v1"
PARALLEL = 50
_TIMEOUT_SECONDS = 40.0
_THROTTLED_AT_MOST_SECONDS = 310
_RENEW_SECONDS = 300.0
FINAL = ("succeeded", "failed")


@dataclass(frozen=True)
class Account:
    """An account with its token."""

    id: str
    email: str
    password: str
    token: str


class Api:
    """The target's API. Paths are relative to /api/v1, those of `call` absolute."""

    def __init__(self, base_url: str, contract: Contract) -> None:
        self.contract = contract
        self.http = httpx.Client(
            base_url=base_url,
            timeout=_TIMEOUT_SECONDS,
            limits=httpx.Limits(max_connections=PARALLEL + 10, max_keepalive_connections=PARALLEL),
            trust_env=False,
        )

    def call(
        self, method: str, path: str, *, by: Account | None = None, **options: Any
    ) -> httpx.Response:
        """Send a request, with or without an account's token, and return its checked response."""
        headers = dict(options.pop("headers", None) or {})
        if by is not None:
            headers["Authorization"] = f"Bearer {by.token}"
        response = self.http.request(method, path, headers=headers, **options)
        self.contract.check(response)
        return response

    def get(self, path: str, *, by: Account | None = None, **options: Any) -> httpx.Response:
        """Send a GET under the prefix."""
        return self.call("GET", PREFIX + path, by=by, **options)

    def post(self, path: str, *, by: Account | None = None, **options: Any) -> httpx.Response:
        """Send a POST under the prefix."""
        return self.call("POST", PREFIX + path, by=by, **options)

    def delete(self, path: str, *, by: Account | None = None, **options: Any) -> httpx.Response:
        """Send a DELETE under the prefix."""
        return self.call("DELETE", PREFIX + path, by=by, **options)

    def together(self, requests: Sequence[Mapping[str, Any]]) -> list[httpx.Response]:
        """Send all at once; each mapping is `call`'s arguments. Return responses in that order."""
        with ThreadPoolExecutor(PARALLEL) as pool:
            return list(pool.map(lambda arguments: self.call(**arguments), requests))

    def submit_url(self, url: str, *, by: Account, key: str | None = None) -> httpx.Response:
        """Submit a URL. `key` is the Idempotency-Key."""
        headers = {"Idempotency-Key": key} if key else {}
        return self.post("/submissions", by=by, json={"image_url": url}, headers=headers)

    def submit_upload(
        self,
        data: bytes,
        *,
        by: Account,
        name: str = "image.jpg",
        media_type: str = "application/octet-stream",
        key: str | None = None,
    ) -> httpx.Response:
        """Submit a file. `key` is the Idempotency-Key."""
        headers = {"Idempotency-Key": key} if key else {}
        files = {"image": (name, data, media_type)}
        return self.post("/submissions", by=by, files=files, headers=headers)

    def final(self, submission_id: str, *, by: Account, within_seconds: float = 60) -> Any:
        """Wait until the submission is final, and return it."""
        end = time.monotonic() + within_seconds
        while True:
            left = end - time.monotonic()
            wait = max(0, min(20, int(left)))
            body = self.get(f"/submissions/{submission_id}", by=by, params={"wait": wait}).json()
            if body["state"] in FINAL:
                return body
            if left <= 0:
                pytest.fail(f"{body['state']} still after {within_seconds:.0f} s")
            time.sleep(0 if wait else 0.2)

    def sign_up(self, name: str, *, password: str = "correct horse battery") -> Account:
        """Create an account and sign in. Wait if an earlier run left this address throttled."""
        email = f"{name}-{uuid4().hex[:12]}@conformance.example.org"
        credentials = {"email": email, "password": password}
        created = self.post("/accounts", json=credentials)
        assert created.status_code == 201, created.text
        end = time.monotonic() + _THROTTLED_AT_MOST_SECONDS
        while True:
            response = self.post("/tokens", json=credentials)
            if response.status_code != 429 or time.monotonic() > end:
                break
            time.sleep(int(response.headers["Retry-After"]) + 1)
        assert response.status_code == 200, response.text
        return Account(created.json()["id"], email, password, response.json()["access_token"])


class Session:
    """An account whose token is renewed before it expires, for runs longer than its lifetime."""

    def __init__(self, api: Api, account: Account) -> None:
        self._api = api
        self._account = account
        self._renew_at = time.monotonic() + _RENEW_SECONDS

    @property
    def account(self) -> Account:
        """Return the account with a token that is valid for some minutes."""
        if time.monotonic() >= self._renew_at:
            sent = {"email": self._account.email, "password": self._account.password}
            response = self._api.post("/tokens", json=sent)
            assert response.status_code == 200, response.text
            self._account = replace(self._account, token=response.json()["access_token"])
            self._renew_at = time.monotonic() + _RENEW_SECONDS
        return self._account


def problem(response: httpx.Response, status: int, code: str) -> Any:
    """Assert status and code of a problem response, and return its body."""
    assert (response.status_code, response.json().get("code")) == (status, code), response.text
    return response.json()
