"""The emulator of IAM, whose policy simulator evaluates the templates' policies."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from aws import emulator
from aws.emulator import Emulator


@pytest.fixture(scope="session")
def iam() -> Iterator[Emulator]:
    with (
        tempfile.TemporaryDirectory(prefix="flow-iam-", ignore_cleanup_errors=True) as folder,
        emulator.running(Path(folder), services="iam", environment="dynamodb") as running,
    ):
        yield running
