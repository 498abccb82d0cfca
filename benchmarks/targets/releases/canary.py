"""Lets a new web process answer before anybody else asks it, and compares with one that serves.

A probe has an account of its own and one submission with its result, made through the edge. What
the serving version says of them the new one must say too; it may say more. What changes by itself
from one request to the next (a token, a moment) isn't asked for.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Self

import httpx

from benchmarks.targets.architectures import REPOSITORY
from benchmarks.targets.errors import ReleaseError

ANSWER_SECONDS = 25.0  # longer than the `wait` that is asked for
WAIT_SECONDS = 20
PICTURE = REPOSITORY / "shared" / "fixtures" / "images" / "portrait.jpg"


class Canary:
    """Called with the addresses of a unit's serving and new web processes.

    Raises ReleaseError for a wrong answer, and on entering where not even the probe can be made.
    Its submission is deleted in the end.
    """

    def __init__(self, base_url: str) -> None:
        self._client = httpx.Client(timeout=ANSWER_SECONDS, trust_env=False)
        self._edge = base_url
        self._place = ""
        self._headers: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Sign up, submit a picture, wait for its result."""
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
                files={"image": ("probe.jpg", PICTURE.read_bytes(), "image/jpeg")},
                headers=self._headers,
            )
            self._place = made.raise_for_status().headers["Location"]
            waiting = f"{self._edge}{self._place}?wait={WAIT_SECONDS}"
            document = self._client.get(waiting, headers=self._headers).raise_for_status().json()
            if document["state"] != "succeeded":
                message = f"The canary's own submission is {document['state']}: what serves is ill."
                raise ReleaseError(message)
        except BaseException as error:
            self.__exit__()
            if isinstance(error, httpx.HTTPError):
                message = f"The canary can't use what serves: {error}"
                raise ReleaseError(message) from error
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        """Delete the submission; the account stays, for nothing deletes accounts."""
        try:
            if self._place:
                self._client.delete(f"{self._edge}{self._place}", headers=self._headers)
        except httpx.HTTPError:
            pass  # whoever counts rows finds one too many; the release is what matters here
        finally:
            self._client.close()

    def __call__(self, serving: Sequence[str], new: Sequence[str]) -> None:
        """Ask one that serves and each new one the same, at about the same time."""
        place = self._place
        for path in (place, f"{place}/result", "/api/v1/submissions?limit=1", "/api/v1/account"):
            for old in serving[:1]:
                expected = self._ask(old, path)
                for address in new:
                    for fault in differences(expected, self._ask(address, path), path):
                        message = f"The canary saw a wrong answer: {fault}."
                        raise ReleaseError(message)

    def _ask(self, address: str, path: str) -> Any:
        """The answer's status and document; another unit's path is a 404, of the old one too."""
        try:
            answer = self._client.get(f"{address}{path}", headers=self._headers)
            document = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            message = f"The canary got no answer to {path}: {error!r}"
            raise ReleaseError(message) from error
        return {"status": answer.status_code, "document": document}


def differences(expected: Any, found: Any, where: str) -> list[str]:
    """What is in the expected document and not, or otherwise, in the found one."""
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        told = [f"{where} has no {name}" for name in expected if name not in found]
        return told + [
            fault
            for name in expected.keys() & found.keys()
            for fault in differences(expected[name], found[name], f"{where} {name}")
        ]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return [
            fault
            for number, (one, other) in enumerate(zip(expected, found, strict=True))
            for fault in differences(one, other, f"{where}[{number}]")
        ]
    return [] if expected == found else [f"{where} is {found!r}, and {expected!r} where it serves"]
