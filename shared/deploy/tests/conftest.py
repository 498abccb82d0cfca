"""The emulator of IAM, whose policy simulator evaluates the templates' policies."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aws import emulator

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient


@pytest.fixture(scope="session")
def iam() -> Iterator["IAMClient"]:
    with (
        tempfile.TemporaryDirectory(prefix="flow-iam-", ignore_cleanup_errors=True) as folder,
        emulator.running(Path(folder), services="iam", environment="dynamodb") as running,
    ):
        yield running.client("iam")
