"""Compare a new web process with a serving one before it gets clients' requests.

A probe has an account of its own and one submission with its result, made through the edge. What
the serving version returns for them the new one must return too; it may return more. What changes
by itself from one request to the next (a token, a time) isn't requested.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Self

import httpx

from benchmarks.targets.architectures import REPOSITORY
from benchmarks.targets.errors import ReleaseError, WrongResponseError

TIMEOUT_SECONDS = 25.0  # longer than the requested `wait`
WAIT_SECONDS = 20
IMAGE = REPOSITORY / "shared" / "fixtures" / "images" / "portrait.jpg"


class Canary:
    """A comparison, called with the URLs of a unit's serving and new web processes.

    Raises WrongResponseError for a response that differs, and ReleaseError if there is none, or on
    entering if the probe can't be made.
    The probe's submission is deleted at the end.
    """

    def __init__(self, base_url: str) -> None:
        self._client = httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False)
        self._edge = base_url
        self._place = ""
        self._headers: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Sign up, submit an image, wait for its result; ReleaseError if that fails."""
        api = f"{self._edge}/api/v1"
        body = {
            "email": f"canary-{secrets.token_hex(8)}@example.org",
            "password": secrets.token_urlsafe(18),
        }
        try:
            self._client.post(f"{api}/accounts", json=body).raise_for_status()
            signed_in = self._client.post(f"{api}/tokens", json=body).raise_for_status().json()
            self._headers = {"Authorization": f"Bearer {signed_in['access_token']}"}
            made = self._client.post(
                f"{api}/submissions",
                files={"image": ("probe.jpg", IMAGE.read_bytes(), "image/jpeg")},
                headers=self._headers,
            )
            self._place = made.raise_for_status().headers["Location"]
            waiting = f"{self._edge}{self._place}?wait={WAIT_SECONDS}"
            document = self._client.get(waiting, headers=self._headers).raise_for_status().json()
            if document["state"] != "succeeded":
                state = document["state"]
                message = f"The canary's submission {state}: the serving version is faulty."
                raise ReleaseError(message)
        except BaseException as error:
            self.__exit__()
            if isinstance(error, httpx.HTTPError):
                message = f"The canary can't use the serving version: {error}"
                raise ReleaseError(message) from error
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        """Delete the submission; the account stays, since the API can't delete accounts."""
        try:
            if self._place:
                self._client.delete(f"{self._edge}{self._place}", headers=self._headers)
        except httpx.HTTPError:
            pass  # a surplus row is harmless; the release is what matters here
        finally:
            self._client.close()

    def __call__(self, serving: Sequence[str], new: Sequence[str]) -> None:
        """Send the same requests to one serving process and each new one; ReleaseError."""
        place = self._place
        for path in (place, f"{place}/result", "/api/v1/submissions?limit=1", "/api/v1/account"):
            for old in serving[:1]:
                expected = self._request(old, path)
                for address in new:
                    for fault in differences(expected, self._request(address, path), path):
                        message = f"The canary got a wrong response: {fault}."
                        raise WrongResponseError(message)

    def _request(self, address: str, path: str) -> Any:
        """Return the response's status and document; another unit's path is a 404 on both."""
        try:
            response = self._client.get(f"{address}{path}", headers=self._headers)
            document = response.json()
        except (httpx.HTTPError, ValueError) as error:
            message = f"The canary got no response for {path}: {error!r}"
            raise ReleaseError(message) from error
        return {"status": response.status_code, "document": document}


def differences(expected: Any, found: Any, where: str) -> list[str]:
    """Return what the found document lacks of the expected one or has otherwise."""
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        missing = [f"{where} has no {name}" for name in expected if name not in found]
        return missing + [
            fault
            for name in expected
            if name in found
            for fault in differences(expected[name], found[name], f"{where} {name}")
        ]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return [
            fault
            for number, (one, other) in enumerate(zip(expected, found, strict=True))
            for fault in differences(one, other, f"{where}[{number}]")
        ]
    if expected == found:
        return []
    return [f"{where} is {found!r}, and {expected!r} in the serving version"]
