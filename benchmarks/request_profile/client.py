"""A client of the flow's API: one request after the other, with the bytes of each counted."""

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

from benchmarks.request_profile.errors import CallError

API = "/api/v1"
TIMEOUT_SECONDS = 60.0
WAIT_SECONDS = 20  # the longest `wait` that the contract allows
ATTEMPTS_MAX = 6  # of a wait until a submission is final
_PASSWORD = "a long enough pass phrase"  # noqa: S105 - of accounts that live as long as a block
_FINAL = frozenset({"succeeded", "failed"})


@dataclass(frozen=True, slots=True)
class Account:
    """An account with a token."""

    credentials: dict[str, str]
    headers: dict[str, str]


class Client:
    """Sends requests over one connection, follows redirects, and counts bytes.

    Every method raises CallError for a response that it doesn't expect, or for none.
    """

    def __init__(self, base_url: str, image: Path, image_url: str) -> None:
        self.request_bytes = self.response_bytes = 0
        self._image = (image.name, image.read_bytes(), "image/jpeg")
        self._image_url = image_url
        self._http = httpx.Client(
            base_url=base_url, timeout=TIMEOUT_SECONDS, trust_env=False, follow_redirects=True
        )

    def sign_up(self) -> Account:
        """Create a new account and obtain its token."""
        email = f"profile-{uuid.uuid4().hex}@example.com"
        credentials = {"email": email, "password": _PASSWORD}
        self._send("POST", f"{API}/accounts", 201, json=credentials)
        return Account(credentials, {"Authorization": f"Bearer {self.token(credentials)}"})

    def token(self, credentials: dict[str, str]) -> str:
        """Obtain a token."""
        found = self._send("POST", f"{API}/tokens", 200, json=credentials)
        return str(found.json()["access_token"])

    def page(self) -> None:
        """Read the web page."""
        self._send("GET", "/", 200)

    def get(self, path: str, account: Account) -> httpx.Response:
        """Read a path of the API."""
        return self._send("GET", f"{API}{path}", 200, headers=account.headers)

    def submit_upload(self, account: Account) -> str:
        """Submit the image as an upload; return the submission's id."""
        return self._submit(account, files={"image": self._image})

    def submit_url(self, account: Account) -> str:
        """Submit the image by its URL; return the submission's id."""
        return self._submit(account, json={"image_url": self._image_url})

    def wait(self, submission: str, account: Account) -> None:
        """Wait until a submission has succeeded. CallError if it fails or isn't final in time."""
        state = ""
        for _ in range(ATTEMPTS_MAX):
            found = self.get(f"/submissions/{submission}?wait={WAIT_SECONDS}", account)
            state = str(found.json()["state"])
            if state in _FINAL:
                break
        if state != "succeeded":
            raise CallError(f"Submission {submission} is {state}, and should have succeeded.")

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        """Close the connections."""
        self.close()

    def _submit(self, account: Account, **content: Any) -> str:
        path = f"{API}/submissions"
        found = self._send("POST", path, 202, headers=account.headers, **content)
        return str(found.json()["id"])

    def _send(self, method: str, path: str, status: int, **content: Any) -> httpx.Response:
        request = self._http.build_request(method, path, **content)
        try:
            self.request_bytes += _head_bytes(request.headers) + len(request.read())
            response = self._http.send(request)
        except httpx.HTTPError as error:
            raise CallError(f"{method} {path} got no response: {error!r}.") from error
        for each in (*response.history, response):
            self.response_bytes += _head_bytes(each.headers) + each.num_bytes_downloaded
        for redirected in response.history[1:] + ([response] if response.history else []):
            self.request_bytes += _head_bytes(redirected.request.headers)
        if response.status_code != status:
            raise CallError(
                f"{method} {path} returned {response.status_code}, {status} was expected: "
                f"{response.text[:200]}"
            )
        return response


def _head_bytes(headers: httpx.Headers) -> int:
    """Return the bytes of the header lines, without the first line."""
    return sum(len(name) + len(value) + len(": \r\n") for name, value in headers.raw)
