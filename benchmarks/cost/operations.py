"""What one request of each kind makes a target do, as `count-operations` counted it.

These are the operations that a run's raw files don't hold: requests to the object store and to
DynamoDB, and bytes. They don't depend on the load, so they are counted once for each architecture.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec

from benchmarks.repository import REPOSITORY
from benchmarks.results_model.base import Amount, Model, Number, about

COUNTS_VERSION = 1
COUNTS = REPOSITORY / "benchmarks" / "results" / "example-cost" / "operations.json"


class UnreadableCounts(ValueError):
    """A document of counts that is missing or invalid; the text is one sentence."""


class Operations(Model):
    """What one request, or one flow of requests, made the target do, on average."""

    s3: Annotated[Mapping[str, Amount], about("Requests to the object store, by operation.")]
    dynamodb: Annotated[Mapping[str, Amount], about("Requests to DynamoDB, by operation.")]
    messages: Annotated[Amount, about("Messages published.")]
    request_bytes: Annotated[Amount, about("Received from the client, headers included.")]
    response_bytes: Annotated[Amount, about("Sent to the client, headers included.")]
    cpu_ms: Annotated[Mapping[str, Amount], about("CPU time of each process type, ms.")]
    object_bytes: Annotated[Amount, about("That stay in the object store.")]
    database_bytes: Annotated[Amount, about("By which the database grew.")]


class ArchitectureCounts(Model):
    """The operations of one architecture."""

    submission: Annotated[
        Operations,
        about("Submit an upload, wait until it is final, read the result."),
    ]
    sign_up: Annotated[Operations, about("Create an account.")]
    sign_in: Annotated[Operations, about("Obtain a token.")]


class OperationCounts(Model):
    """The document."""

    counts_version: Annotated[int, about("Version of this form.")]
    counted_at: Annotated[str, about("When, UTC.")]
    repetitions: Annotated[Number, about("Requests of each kind.")]
    image: Annotated[str, about("File of `shared/fixtures` that was submitted.")]
    environment: Annotated[Mapping[str, Any], about("Machine, versions and commit.")]
    architectures: Annotated[Mapping[str, ArchitectureCounts], about("By name.")]


def read_counts(path: Path) -> OperationCounts:
    """Read a document of counts. Raises UnreadableCounts for one that is missing or invalid."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=OperationCounts)
    except OSError as error:
        raise UnreadableCounts(f"{path} can't be read: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableCounts(f"{path} is no document of counts: {error}.") from error
    if found.counts_version != COUNTS_VERSION:
        raise UnreadableCounts(
            f"{path} is of version {found.counts_version}; this code reads {COUNTS_VERSION}. "
            "Count again: python -m benchmarks count-operations."
        )
    return found
