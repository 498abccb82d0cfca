"""The tests' own client of the object store."""

import functools
from typing import Any

import boto3


@functools.cache
def s3() -> Any:
    """Return the client, made once: boto3 reads the whole description of S3 for each."""
    return boto3.client("s3", region_name="eu-central-1")
