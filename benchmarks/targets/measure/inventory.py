"""The inventory of a target: rows in the database and objects in the store.

`benchmarks.oracle.check` compares it with a history of requests and responses.
"""

import dataclasses
import json
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
import psycopg
from botocore.config import Config

_KEY = re.compile(r"(uploads/[0-9a-f-]{36}|images/[0-9a-f-]{36}|results/[0-9a-f-]{36}\.json)")
FINAL_STATES = frozenset({"succeeded", "failed"})
_QUERY = "SELECT id::text, state, account_id::text FROM submissions_submission"


@dataclass(frozen=True)
class Counts:
    """Numbers of rows (in all and by state) and of objects (by kind)."""

    rows: int
    states: Mapping[str, int]
    results: int
    images: int
    uploads: int


@dataclass(frozen=True)
class Row:
    """One submission's row in the database."""

    state: str
    account_id: str


@dataclass(frozen=True)
class Inventory:
    """Rows and objects by submission id; `strays` are objects with a key of no known form.

    `documents` maps each object of the result bucket, by the id in its key or by its whole key, to
    the submission that the document names; empty if the objects were only listed.
    """

    rows: Mapping[str, Row]
    results: tuple[str, ...]
    images: tuple[str, ...]
    uploads: tuple[str, ...]
    strays: tuple[str, ...] = ()
    documents: Mapping[str, str] = field(default_factory=dict)

    def counts(self) -> Counts:
        """Return the numbers of rows and objects."""
        return Counts(
            rows=len(self.rows),
            states=dict(Counter(row.state for row in self.rows.values())),
            results=len(self.results),
            images=len(self.images),
            uploads=len(self.uploads),
        )


def take_inventory(environment: Mapping[str, str], *, read_results: bool = False) -> Inventory:
    """Return all rows and objects of the target with these settings.

    With `read_results`, also read the result documents (about 2 ms each).
    """
    with psycopg.connect(environment["DATABASE_URL"], connect_timeout=5) as connection:
        rows = {key: Row(state, owner) for key, state, owner in connection.execute(_QUERY)}
    documents = _documents(environment) if read_results else {}
    return dataclasses.replace(_objects(environment), rows=rows, documents=documents)


def count_objects(environment: Mapping[str, str]) -> Counts:
    """Return the numbers of objects in a store that has no database beside it."""
    return _objects(environment).counts()


def _objects(environment: Mapping[str, str]) -> Inventory:
    store = store_client(environment)
    images = _keys(store, environment["IMAGE_BUCKET"])
    results = _keys(store, environment["RESULT_BUCKET"])
    return Inventory(
        rows={},
        results=_ids(results, "results/", ".json"),
        images=_ids(images, "images/"),
        uploads=_ids(images, "uploads/"),
        strays=tuple(sorted(key for key in images | results if not _KEY.fullmatch(key))),
    )


def _documents(environment: Mapping[str, str]) -> dict[str, str]:
    """Map each object of the result bucket to the submission that it names, if it names one."""
    store, bucket = store_client(environment), environment["RESULT_BUCKET"]
    found: dict[str, str] = {}
    for key in sorted(_keys(store, bucket)):
        body = store.get_object(Bucket=bucket, Key=key)["Body"].read()
        known = _KEY.fullmatch(key) is not None
        place = key.removeprefix("results/").removesuffix(".json") if known else key
        found[place] = _named(body)
    return {place: named for place, named in found.items() if named}


def _named(body: bytes) -> str:
    try:
        document = json.loads(body)
    except ValueError:
        return ""
    return str(document.get("submission_id", "")) if isinstance(document, dict) else ""


def warm_buckets(environment: Mapping[str, str]) -> None:
    """Write and delete one object in each bucket.

    SeaweedFS makes a bucket's volumes at the first write, which takes up to 2 s when several come
    at once. S3 does nothing of the kind, so it must not show in a measurement.
    """
    store = store_client(environment)
    for bucket in (environment["IMAGE_BUCKET"], environment["RESULT_BUCKET"]):
        store.put_object(Bucket=bucket, Key="warm", Body=b"")
        store.delete_object(Bucket=bucket, Key="warm")


def store_client(environment: Mapping[str, str]) -> Any:
    """Return a client of the object store with these settings."""
    return boto3.client(
        "s3",
        endpoint_url=environment["AWS_ENDPOINT_URL_S3"],
        region_name=environment["AWS_REGION"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        config=Config(connect_timeout=2, read_timeout=20, proxies={}),
    )


def _keys(store: Any, bucket: str) -> frozenset[str]:
    pages = store.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return frozenset(item["Key"] for page in pages for item in page.get("Contents", ()))


def _ids(keys: Collection[str], prefix: str, suffix: str = "") -> tuple[str, ...]:
    found = [key for key in keys if key.startswith(prefix) and _KEY.fullmatch(key)]
    return tuple(sorted(key.removeprefix(prefix).removesuffix(suffix) for key in found))
