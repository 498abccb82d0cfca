"""A client of the flow's API: one account, one request after the other."""

import base64
import uuid
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import httpx

from benchmarks.growth.errors import CallError

API = "/api/v1"
TIMEOUT_SECONDS = 60.0
WAIT_SECONDS = 20  # the longest `wait` that the contract allows
_PASSWORD = "a long enough pass phrase"  # noqa: S105 - of an account that lives as long as a run


class Client:
    """Signs up, and sends requests over one connection.

    Every method raises CallError for a response that it doesn't expect, or for none.
    """

    def __init__(self, base_url: str, image: Path) -> None:
        self._image = (image.name, image.read_bytes(), "image/jpeg")
        self._http = httpx.Client(base_url=base_url, timeout=TIMEOUT_SECONDS, trust_env=False)
        self._credentials = {
            "email": f"growth-{uuid.uuid4().hex}@example.com",
            "password": _PASSWORD,
        }

    def sign_up(self) -> UUID:
        """Create the account, obtain its token, and return its id."""
        made = self.send("POST", "/accounts", 201, json=self._credentials)
        self.sign_in()
        return UUID(made.json()["id"])

    def sign_in(self) -> None:
        """Obtain a new token: one ends after 15 minutes."""
        found = self.send("POST", "/tokens", 200, json=self._credentials)
        self._http.headers["Authorization"] = f"Bearer {found.json()['access_token']}"

    def submit_and_wait(self) -> str:
        """Submit the image, wait until it has succeeded, and return the submission's id."""
        made = self.send("POST", "/submissions", 202, files={"image": self._image}).json()["id"]
        found = self.send("GET", f"/submissions/{made}?wait={WAIT_SECONDS}", 200).json()
        if found["state"] != "succeeded":
            raise CallError(f"Submission {made} is {found['state']}, and should have succeeded.")
        return str(made)

    def send(self, method: str, path: str, status: int, **content: Any) -> httpx.Response:
        """Send a request to a path of the API, and return the response."""
        try:
            response = self._http.request(method, f"{API}{path}", **content)
        except httpx.HTTPError as error:
            raise CallError(f"{method} {path} got no response: {error!r}.") from error
        if response.status_code != status:
            raise CallError(
                f"{method} {path} returned {response.status_code}, {status} was expected: "
                f"{response.text[:200]}"
            )
        return response

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        """Close the connection."""
        self.close()


def cursor_after(submission_id: UUID) -> str:
    """Return the cursor of the page after a submission, as both architectures write it.

    It is opaque to clients; following it through a million submissions would take an hour.
    """
    return base64.urlsafe_b64encode(b"\x01" + submission_id.bytes).decode().rstrip("=")
