"""What a target holds: rows in the database and objects in the store, and whether they agree.

The client's record of what was accepted (each 202) is the truth that both are held against.
"""

import dataclasses
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
import psycopg
from botocore.config import Config

_KEY = re.compile(r"(uploads/[0-9a-f-]{36}|images/[0-9a-f-]{36}|results/[0-9a-f-]{36}\.json)")
FINAL_STATES = frozenset({"succeeded", "failed"})
_QUERY = "SELECT id::text, state, account_id::text FROM submissions_submission"


@dataclass(frozen=True)
class Counts:
    """How many rows (in all and by state) and objects (by kind) there are."""

    rows: int
    states: Mapping[str, int]
    results: int
    images: int
    uploads: int


@dataclass(frozen=True)
class Row:
    """A submission as the database has it."""

    state: str
    account_id: str


@dataclass(frozen=True)
class Inventory:
    """Rows and objects by submission id; `strays` are objects with a key of no known form."""

    rows: Mapping[str, Row]
    results: tuple[str, ...]
    images: tuple[str, ...]
    uploads: tuple[str, ...]
    strays: tuple[str, ...] = ()

    def counts(self) -> Counts:
        """Count."""
        return Counts(
            rows=len(self.rows),
            states=dict(Counter(row.state for row in self.rows.values())),
            results=len(self.results),
            images=len(self.images),
            uploads=len(self.uploads),
        )


def take_inventory(environment: Mapping[str, str]) -> Inventory:
    """Read all rows and list all objects of the target with these settings."""
    with psycopg.connect(environment["DATABASE_URL"], connect_timeout=5) as connection:
        rows = {key: Row(state, owner) for key, state, owner in connection.execute(_QUERY)}
    return dataclasses.replace(_objects(environment), rows=rows)


def count_objects(environment: Mapping[str, str]) -> Counts:
    """Count the objects of an object store that has no database beside it."""
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


def warm_buckets(environment: Mapping[str, str]) -> None:
    """Write and delete one object in each bucket.

    SeaweedFS makes a bucket's volumes at the first write, which takes up to 2 s when several come
    at once. S3 does nothing of the kind, so it has no place in what is measured or proved.
    """
    store = store_client(environment)
    for bucket in (environment["IMAGE_BUCKET"], environment["RESULT_BUCKET"]):
        store.put_object(Bucket=bucket, Key="warm", Body=b"")
        store.delete_object(Bucket=bucket, Key="warm")


def discrepancies(
    inventory: Inventory,
    accepted: Mapping[str, str],
    *,
    deleted: Collection[str] = (),
) -> list[str]:
    """Say in words where the target and the client's record differ; empty when all is well.

    `accepted` maps the id of each submission that was answered 202 to its account's id. The load
    must have ended. Rows of which the client never got the answer (the connection broke) are no
    fault, but whatever row there is must be final and have its objects exactly.
    """
    rows, kept = inventory.rows, set(accepted) - set(deleted)
    found = [f"lost: {key} was accepted and has no row" for key in sorted(kept - set(rows))]
    found += [
        f"undead: {key} was deleted and has a row" for key in sorted(set(deleted) & set(rows))
    ]
    for key, row in rows.items():
        if row.state not in FINAL_STATES:
            found.append(f"unfinished: {key} is {row.state}")
        if key in accepted and row.account_id != accepted[key]:
            found.append(f"misplaced: {key} belongs to {row.account_id}, not {accepted[key]}")
    succeeded = {key for key, row in rows.items() if row.state == "succeeded"}
    for kind, keys in (("result", inventory.results), ("image", inventory.images)):
        found += [f"no {kind}: {key} succeeded without" for key in sorted(succeeded - set(keys))]
        found += [f"leaked {kind}: {key} has no row" for key in sorted(set(keys) - set(rows))]
    results = set(inventory.results)
    failed = {key for key, row in rows.items() if row.state == "failed"}
    found += [f"result of a failure: {key}" for key in sorted(failed & results)]
    uploads = set(inventory.uploads)
    found += [f"leaked upload: {key}" for key in sorted(uploads - set(rows) | uploads & succeeded)]
    found += [f"stray object: {key}" for key in inventory.strays]
    return found


def store_client(environment: Mapping[str, str]) -> Any:
    """A client of the object store with these settings."""
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
