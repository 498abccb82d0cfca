"""Where the parts are put together, once per process, from the settings."""

import os
from functools import cache

from imaging import recognizer_from_environment
from recognition.services import Dependencies
from recognition.settings import Settings, settings_from_environment
from recognition.storage import S3Store


@cache
def settings() -> Settings:
    """Return the process's settings. Raises SettingsError."""
    return settings_from_environment()


@cache
def store() -> S3Store:
    """Return the process's object store."""
    return S3Store(
        region=settings().aws_region,
        image_bucket=settings().image_bucket,
        result_bucket=settings().result_bucket,
    )


@cache
def dependencies() -> Dependencies:
    """Return what an attempt works with.

    Cheap: clients and models are made at first use, so after the worker has forked. Raises
    SettingsError, and ValueError for a recognizer that there isn't.
    """
    return Dependencies(
        store=store(),
        recognizer=recognizer_from_environment(os.environ),
        limits=settings().limits,
        fetch_allow=settings().fetch_allow,
        image_bucket=settings().image_bucket,
        result_bucket=settings().result_bucket,
        time_limit_seconds=settings().time_limit_seconds,
    )
