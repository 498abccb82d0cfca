"""Count what a request makes a target do: deploy it behind counting gates, and send requests.

The counts don't depend on the load, so one client sends one request after the other.
"""

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import httpx
import psycopg

from backing.ports import free_port
from benchmarks.cost.operations import ArchitectureCounts, Operations
from benchmarks.targets import Target, deploy
from benchmarks.targets.measure.inventory import FINAL_STATES
from benchmarks.targets.measure.request_gate import (
    RequestGate,
    dynamodb_operation,
    s3_operation,
)

REPETITIONS = 100
WARM_UPS = 5
SETTLE_SECONDS = 2.0  # the database's counters come a second late
# A sweeper lists the stored objects when it starts, a page each 10 s, and then not for a quarter of
# an hour. Only this operation is its own, and no request's.
_LISTING = "GET bucket"
_BETWEEN_LISTINGS_SECONDS = 12.0
_LISTINGS_SECONDS = 120.0
_API = "/api/v1"
_TIMEOUT_SECONDS = 60.0
_PASSWORD = "a long enough pass phrase"  # noqa: S105 - of accounts that live as long as a count


class CountError(Exception):
    """A submission that failed, or a request that couldn't be counted; the text is a sentence."""


class Client:
    """A client of one account that counts the bytes of its requests and responses."""

    def __init__(self, base_url: str, image: Path) -> None:
        self.request_bytes = self.response_bytes = 0
        self._image = (image.name, image.read_bytes(), "image/jpeg")
        self._http = httpx.Client(
            base_url=f"{base_url}{_API}", timeout=_TIMEOUT_SECONDS, trust_env=False
        )
        self._credentials: dict[str, str] = {}
        self._headers: dict[str, str] = {}

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def sign_up(self) -> None:
        """Create a new account, which is signed in from now on."""
        email = f"count-{uuid.uuid4().hex}@example.com"
        self._credentials = {"email": email, "password": _PASSWORD}
        self._send("POST", "/accounts", json=self._credentials)

    def sign_in(self) -> None:
        """Obtain a token, in a request without the earlier one."""
        self._headers = {}
        token = self._send("POST", "/tokens", json=self._credentials).json()["access_token"]
        self._headers = {"Authorization": f"Bearer {token}"}

    def submit(self) -> None:
        """Submit the image, wait until the submission is final, and read the result.

        CountError for a submission that fails.
        """
        files = {"image": self._image}
        path = f"/submissions/{self._send('POST', '/submissions', files=files).json()['id']}"
        state = ""
        while state not in FINAL_STATES:
            state = self._send("GET", f"{path}?wait=20").json()["state"]
        if state == "failed":
            raise CountError(f"{path} has failed: only submissions that succeed can be counted.")
        self._send("GET", f"{path}/result")

    def _send(self, method: str, path: str, **content: Any) -> httpx.Response:
        request = self._http.build_request(method, path, headers=self._headers, **content)
        self.request_bytes += _head_bytes(request.headers) + len(request.read())
        response = self._http.send(request).raise_for_status()
        self.response_bytes += _head_bytes(response.headers) + len(response.content)
        return response


def _head_bytes(headers: httpx.Headers) -> int:
    """Return the bytes of the header lines, without the first line."""
    return sum(len(name) + len(value) + len(": \r\n") for name, value in headers.raw)


@dataclass(frozen=True)
class _Reading:
    s3: Mapping[str, float]
    dynamodb: Mapping[str, float]
    cpu_ms: Mapping[str, float]
    messages: float
    request_bytes: int
    response_bytes: int
    object_bytes: int
    database_bytes: int


def count_architecture(
    name: str, *, run_dir: Path, image: Path, repetitions: int = REPETITIONS
) -> ArchitectureCounts:
    """Deploy an architecture, and count the operations of its requests.

    Raises CountError, BackingError if it can't be deployed, httpx.HTTPError for a failed request.
    """
    s3, dynamodb = RequestGate(s3_operation), RequestGate(dynamodb_operation)
    target = deploy(
        name,
        run_dir=run_dir,
        edge_port=free_port(),
        settings={"RECOGNIZER": "centerface"},
        gates={"s3": s3, "dynamodb": dynamodb},
    )
    with target:
        client = Client(target.base_url, image)
        await_listings(s3.counts)

        def read() -> _Reading:
            time.sleep(SETTLE_SECONDS)
            return _read(target, client, s3.counts(), dynamodb.counts())

        def counted(request: Callable[[], None]) -> Operations:
            before = read()
            for _ in range(repetitions):
                request()
            return _per_request(before, read(), repetitions)

        sign_up = counted(client.sign_up)
        sign_in = counted(client.sign_in)
        for _ in range(WARM_UPS):
            client.submit()
        submission = counted(client.submit)
        client.close()
    return ArchitectureCounts(submission=submission, sign_up=sign_up, sign_in=sign_in)


def await_listings(counts: Callable[[], Mapping[str, float]]) -> None:
    """Return when the sweeper has listed all objects, which would count as a request's operations.

    Raises CountError if it hasn't after two minutes.
    """
    begun = last = time.monotonic()
    listings = 0.0
    while not listings or time.monotonic() - last < _BETWEEN_LISTINGS_SECONDS:
        if time.monotonic() - begun > _LISTINGS_SECONDS:
            message = f"The sweeper hasn't listed all objects in {_LISTINGS_SECONDS:.0f} s."
            raise CountError(message)
        time.sleep(0.2)
        if (count := counts().get(_LISTING, 0.0)) != listings:
            listings, last = count, time.monotonic()


def _read(
    target: Target, client: Client, s3: Mapping[str, float], dynamodb: Mapping[str, float]
) -> _Reading:
    cpu_ms: dict[str, float] = {}
    for sample in target.sample():
        kind = sample.process.rpartition("-")[0] if sample.role == "unit" else sample.process
        cpu_ms[kind] = cpu_ms.get(kind, 0.0) + sample.cpu_ms
    stores = target.store_environment()
    return _Reading(
        s3=s3,
        dynamodb=dynamodb,
        cpu_ms=cpu_ms,
        messages=target.counters().messages_published or 0.0,
        request_bytes=client.request_bytes,
        response_bytes=client.response_bytes,
        object_bytes=_object_bytes(stores),
        database_bytes=_database_bytes(stores["DATABASE_URL"]),
    )


def _object_bytes(stores: Mapping[str, str]) -> int:
    client = boto3.client(
        "s3",
        endpoint_url=stores["AWS_ENDPOINT_URL_S3"],
        region_name=stores["AWS_REGION"],
        aws_access_key_id=stores["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=stores["AWS_SECRET_ACCESS_KEY"],
    )
    pages = client.get_paginator("list_objects_v2")
    return sum(
        stored["Size"]
        for bucket in (stores["IMAGE_BUCKET"], stores["RESULT_BUCKET"])
        for page in pages.paginate(Bucket=bucket)
        for stored in page.get("Contents", ())
    )


def _database_bytes(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(row[0]) if row else 0


def _per_request(before: _Reading, after: _Reading, repetitions: int) -> Operations:
    def each(earlier: Mapping[str, float], later: Mapping[str, float]) -> dict[str, float]:
        return {
            name: (count - earlier.get(name, 0)) / repetitions
            for name, count in sorted(later.items())
            if count > earlier.get(name, 0)
        }

    return Operations(
        s3=each(before.s3, after.s3),
        dynamodb=each(before.dynamodb, after.dynamodb),
        messages=(after.messages - before.messages) / repetitions,
        request_bytes=(after.request_bytes - before.request_bytes) / repetitions,
        response_bytes=(after.response_bytes - before.response_bytes) / repetitions,
        cpu_ms=each(before.cpu_ms, after.cpu_ms),
        object_bytes=(after.object_bytes - before.object_bytes) / repetitions,
        database_bytes=max(0, after.database_bytes - before.database_bytes) / repetitions,
    )
