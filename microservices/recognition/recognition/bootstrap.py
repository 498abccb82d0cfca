"""Where the parts are put together, once per process, from the settings."""

import os
from functools import cache

from imaging import Recognizer, recognizer_from_environment
from recognition.services import Parts
from recognition.settings import Settings, settings_from_environment
from recognition.storage import S3Store


@cache
def settings() -> Settings:
    """Returns the process's settings. Raises SettingsError."""
    return settings_from_environment()


@cache
def store() -> S3Store:
    """Returns the process's object store."""
    return S3Store(
        region=settings().aws_region,
        image_bucket=settings().image_bucket,
        result_bucket=settings().result_bucket,
    )


@cache
def recognizer() -> Recognizer:
    """Returns the process's recognizer; loads its model at the first call, after the fork."""
    return recognizer_from_environment(os.environ)


@cache
def parts() -> Parts:
    """Returns what an attempt works with."""
    return Parts(
        store=store(),
        recognizer=recognizer,
        limits=settings().limits,
        fetch_allow=settings().fetch_allow,
        image_bucket=settings().image_bucket,
        result_bucket=settings().result_bucket,
        time_limit_seconds=settings().time_limit_seconds,
    )
