"""Backing services for every test: an S3 emulator and Valkey, started once."""

import io
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer
from PIL import Image

from tests import environment
from tests.backing_services import Broker

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@pytest.fixture(scope="session")
def s3() -> Iterator["S3Client"]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=environment.S3_PORT, verbose=False)
    server.start()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    client = boto3.client("s3", region_name="eu-central-1")
    for bucket in ("images", "results"):
        client.create_bucket(
            Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
    yield client
    server.stop()


@pytest.fixture(scope="session")
def _broker() -> Iterator[Broker]:
    broker = Broker(port=environment.BROKER_PORT)
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def broker(_broker: Broker) -> Broker:
    _broker.client.flushall()
    return _broker


@pytest.fixture(scope="session")
def jpeg() -> bytes:
    return image_bytes("JPEG", exif=Image.Exif())


def image_bytes(kind: str, *, size: tuple[int, int] = (320, 200), **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "teal").save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.fixture
def upload(s3: "S3Client", jpeg: bytes) -> str:
    """Return the key of an upload in the image bucket."""
    key = f"uploads/{uuid4()}"
    s3.put_object(Bucket="images", Key=key, Body=jpeg)
    return key
