"""The requests of a visit: what a browser sends for the page, its assets, or a stored image."""

import re
import secrets
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks.experiments.edge import FROM_APPLICATION, FROM_EDGE
from benchmarks.experiments.edge.client import Connection, ResponseError, request
from benchmarks.experiments.edge.sweeps import CODINGS, FIRST_VISIT, IMAGE, RETURN_VISIT

ACCEPTED = "gzip, deflate, br, zstd"  # of a browser
READY_SECONDS = 60.0
_LINK = re.compile(r"""\s(?:src|href)=["'](?!#|[a-z]+:|//)([^"'#?]+)["']""")
OK, FOUND, NOT_MODIFIED = 200, 302, 304
IMAGES_FROM = {FROM_EDGE: "store", FROM_APPLICATION: "application"}  # the setting, by way


@dataclass(slots=True)
class Measured:
    """What one visit took: its requests, and the bytes on the connection by kind."""

    requests: int = 0
    wire_bytes: Counter[str] = field(default_factory=Counter)


class Visitor:
    """An account with one stored image, and the requests of each kind of visit."""

    def __init__(self, base_url: str, image: Path) -> None:
        self._base_url = base_url
        self._image = image
        self._token = ""
        self._submission = ""
        self._way = ""
        self._conditions: dict[str, str] = {}
        self._assets: tuple[str, ...] = ()

    def prepare(self) -> None:
        """Sign up and submit the image; return when it is stored. Raises ResponseError."""
        with httpx.Client(base_url=f"{self._base_url}/api/v1", trust_env=False) as client:
            credentials = {
                "email": f"{secrets.token_hex(6)}@example.org",
                "password": secrets.token_hex(16),
            }
            client.post("/accounts", json=credentials).raise_for_status()
            signed_in = client.post("/tokens", json=credentials).raise_for_status()
            self._token = f"Bearer {signed_in.json()['access_token']}"
            headers = {"Authorization": self._token}
            with self._image.open("rb") as file:
                made = client.post("/submissions", headers=headers, files={"image": file})
            self._submission = str(made.raise_for_status().json()["id"])
            deadline = time.monotonic() + READY_SECONDS
            path = f"/submissions/{self._submission}"
            while time.monotonic() < deadline:
                state = client.get(path, params={"wait": 5}, headers=headers, timeout=20)
                if state.raise_for_status().json()["state"] == "succeeded":
                    return
        raise ResponseError(f"The image wasn't stored within {READY_SECONDS:.0f} s.")

    def arrive(self, way: str) -> None:
        """Read the page's validator and assets, as the way sends them."""
        self._way = way
        with httpx.Client(base_url=self._base_url, trust_env=False) as client:
            page = client.get("/", headers={"Accept-Encoding": ACCEPTED}).raise_for_status()
        validators = {
            "If-None-Match": page.headers.get("ETag", ""),
            "If-Modified-Since": page.headers.get("Last-Modified", ""),
        }
        self._conditions = {"Accept-Encoding": ACCEPTED}
        self._conditions |= {name: value for name, value in validators.items() if value}
        named = dict.fromkeys(_LINK.findall(page.text))
        self._assets = tuple(f"/{name}" for name in named)

    def visit(self, kind: str, connection: Connection) -> Measured:
        """Send the requests of one visit. Raises ResponseError for an unexpected status."""
        sending = Sending(connection)
        if kind == IMAGE:
            self._see_image(sending)
        elif kind == RETURN_VISIT:
            # The assets' names have the hash of their content, so the browser has them already.
            sending.get("page", "/", self._conditions, NOT_MODIFIED)
        elif kind == FIRST_VISIT:
            self._open(sending, ACCEPTED)
        return sending.measured

    def bytes_by_coding(self, connection: Connection) -> dict[str, dict[str, int]]:
        """Return the bytes on the connection of a first visit by coding and kind of file."""
        found: dict[str, dict[str, int]] = {}
        for coding in CODINGS:
            sending = Sending(connection)
            self._open(sending, coding)
            found[coding] = dict(sending.measured.wire_bytes)
        return found

    def _open(self, sending: "Sending", accepted: str) -> None:
        headers = {"Accept-Encoding": accepted}
        sending.get("page", "/", headers)
        for path in self._assets:
            sending.get("asset", path, headers)

    def _see_image(self, sending: "Sending") -> None:
        path = f"/api/v1/submissions/{self._submission}/image"
        headers = {"Authorization": self._token, "X-Images-From": IMAGES_FROM[self._way]}
        if self._way == FROM_APPLICATION:
            sending.get("image", path, headers)
        else:
            location = sending.get("image", path, headers, FOUND)
            # As a browser does: the redirect stays within the origin, so the token goes along.
            sending.get("image", location, {"Authorization": self._token})


class Sending:
    """The requests of one visit on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.measured = Measured()

    def get(self, kind: str, path: str, headers: Mapping[str, str], expected: int = OK) -> str:
        """Send a GET and count it; return the response's Location, empty without one.

        Raises ResponseError for another status than the expected one.
        """
        response = self._connection.send(request(path, headers))
        if response.status != expected:
            raise ResponseError(f"{path} has status {response.status}, not {expected}.")
        self.measured.requests += 1
        self.measured.wire_bytes[kind] += response.wire_bytes
        return response.header("Location")
