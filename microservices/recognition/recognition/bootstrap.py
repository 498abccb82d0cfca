"""Build the dependencies of attempts from the settings, once per process."""

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
    """Return the dependencies of attempts.

    Cheap: clients and models are created at first use, after the worker has forked. Raises
    SettingsError, and ValueError for an unknown recognizer.
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
