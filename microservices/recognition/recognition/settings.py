"""All settings. The only module that reads the environment.

boto3 and obstore read AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY themselves,
the recognizers read RECOGNIZER and their own variables, and the Procfile reads WORKER_CONCURRENCY.
`object_store` looks whether the first is on loopback.
OpenTelemetry's SDK reads OTEL_EXPORTER_OTLP_ENDPOINT and the standard's other variables itself.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from imaging import Limits

_DELIVERED_AGAIN_SECONDS = 60  # as in `celery`
_DEVELOPMENT_BROKER = "redis://127.0.0.1:6379/0"


class SettingsError(Exception):
    """A variable is missing or invalid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings from the environment. `fetch_allow` is a set of host:port."""

    environment: str
    broker_url: str
    aws_region: str
    image_bucket: str
    result_bucket: str
    limits: Limits
    fetch_allow: frozenset[str]
    time_limit_seconds: int
    log_level: str
    worker_heartbeat_file: str
    observe: bool  # traces and metrics; while off, nothing for them is imported
    metrics_host: str
    metrics_port: int  # 0: no metrics


def settings_from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings. Raises SettingsError with a sentence that names the variable."""
    environment = environ.get("ENVIRONMENT") or "production"
    if environment not in {"development", "test", "production"}:
        message = f"ENVIRONMENT must be development, test or production, not {environment!r}."
        raise SettingsError(message)
    broker_url = environ.get("BROKER_URL")
    if not broker_url and environment == "production":
        message = "BROKER_URL must be set when ENVIRONMENT is production."
        raise SettingsError(message)
    observe = environ.get("OBSERVE") or "0"
    if observe not in {"0", "1"}:
        message = f"OBSERVE must be 0 or 1, not {observe!r}."
        raise SettingsError(message)
    time_limit_seconds = _number(environ, "TIME_LIMIT_SECONDS", 30)
    if time_limit_seconds + 5 >= _DELIVERED_AGAIN_SECONDS:
        message = (
            "TIME_LIMIT_SECONDS must be less than 55: after 60 s a message is delivered again."
        )
        raise SettingsError(message)
    return Settings(
        environment=environment,
        broker_url=broker_url or _DEVELOPMENT_BROKER,
        aws_region=environ.get("AWS_REGION") or "eu-central-1",
        image_bucket=environ.get("IMAGE_BUCKET") or "images",
        result_bucket=environ.get("RESULT_BUCKET") or "results",
        limits=Limits(
            max_bytes=_number(environ, "MAX_IMAGE_BYTES", 10_000_000),
            max_pixels=_number(environ, "MAX_IMAGE_PIXELS", 40_000_000),
            max_redirects=_number(environ, "MAX_REDIRECTS", 3),
            fetch_timeout_seconds=_number(environ, "FETCH_TIMEOUT_SECONDS", 10),
        ),
        fetch_allow=frozenset(
            entry.strip()
            for entry in environ.get("IMAGE_FETCH_ALLOW", "").split(",")
            if entry.strip()
        ),
        time_limit_seconds=time_limit_seconds,
        log_level=environ.get("LOG_LEVEL") or "INFO",
        worker_heartbeat_file=environ.get("WORKER_HEARTBEAT_FILE") or "",
        observe=observe == "1",
        metrics_host=environ.get("METRICS_HOST") or "127.0.0.1",
        metrics_port=_number(environ, "METRICS_PORT", 0),
    )


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    try:
        return int(text)
    except ValueError as error:
        message = f"{name} must be a whole number, not {text!r}."
        raise SettingsError(message) from error
