"""The environment variables: documented in the README, validated at the start."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from recognition import settings as settings_module
from recognition.celery import app
from recognition.settings import SettingsError, settings_from_environment

ROOT = Path(__file__).parents[1]
_READ_BY_SETTINGS = re.compile(r'(?:environ\.get\(|environ, )"([A-Z_0-9]+)"')
_READ_BY_PROCFILE = re.compile(r"\$\{?([A-Z_]+)")
_READ_BY_CLIENTS = {
    "AWS_ENDPOINT_URL_S3",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
}
_READ_BY_IMAGING = {
    "RECOGNIZER",
    "CENTERFACE_LONGEST_SIDE",
    "CLARIFAI_URL",
    "CLARIFAI_API_KEY",
    "CLARIFAI_TIMEOUT_SECONDS",
    "CLARIFAI_BREAKER_FAILURES",
    "CLARIFAI_BREAKER_SECONDS",
    "CLARIFAI_RETRY_AFTER_MAX_SECONDS",
    "SYNTHETIC_CPU_MS",
    "SYNTHETIC_WAIT_MS",
}


def test_the_readme_names_every_variable() -> None:
    settings = (ROOT / "recognition" / "settings.py").read_text()
    procfile = (ROOT / "Procfile").read_text()
    read = set(_READ_BY_SETTINGS.findall(settings)) | set(_READ_BY_PROCFILE.findall(procfile))
    table = re.findall(r"^\| `([A-Z_0-9]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert len(table) == len(set(table))
    assert set(table) == read | _READ_BY_CLIENTS | _READ_BY_IMAGING


def test_only_the_settings_read_the_environment() -> None:
    sources = ROOT.glob("recognition/*.py")
    reading = {path.name for path in sources if re.search(r"environ|getenv", path.read_text())}
    # bootstrap passes it to the recognizers. obstore reads variables itself, as boto3 does;
    # object_store.py looks at the store's URL.
    assert reading == {"settings.py", "bootstrap.py", "object_store.py"}


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({}, "BROKER_URL"),  # without ENVIRONMENT the rules of production apply
        ({"ENVIRONMENT": "production", "BROKER_URL": ""}, "BROKER_URL"),
        ({"ENVIRONMENT": "staging"}, "ENVIRONMENT"),
        ({"ENVIRONMENT": "test", "OBSERVE": "yes"}, "OBSERVE must be 0 or 1"),
        ({"ENVIRONMENT": "test", "TIME_LIMIT_SECONDS": "long"}, "TIME_LIMIT_SECONDS"),
        ({"ENVIRONMENT": "test", "TIME_LIMIT_SECONDS": "55"}, "TIME_LIMIT_SECONDS must be less"),
        ({"ENVIRONMENT": "test", "MAX_IMAGE_BYTES": "1e7"}, "MAX_IMAGE_BYTES"),
    ],
)
def test_what_is_missing_or_cannot_be_meant_is_named(environ: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        settings_from_environment(environ)


def test_the_defaults_are_the_contract_s() -> None:
    settings = settings_from_environment({"BROKER_URL": "redis://127.0.0.1:6379/0"})
    assert settings.environment == "production"
    assert settings.fetch_allow == frozenset()
    assert settings.limits.max_bytes == 10_000_000
    assert settings.limits.max_pixels == 40_000_000
    assert settings.limits.max_redirects == 3
    assert settings.limits.fetch_timeout_seconds == 10
    assert settings.time_limit_seconds == 30


def test_hosts_that_are_admitted() -> None:
    text = "127.0.0.1:8079, images.example:80,"
    settings = settings_from_environment({"ENVIRONMENT": "test", "IMAGE_FETCH_ALLOW": text})
    assert settings.fetch_allow == {"127.0.0.1:8079", "images.example:80"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"ENVIRONMENT": "production"}, "BROKER_URL must be set"),
        ({"ENVIRONMENT": "test", "RECOGNIZER": "guess"}, "RECOGNIZER must be"),
    ],
)
def test_the_worker_refuses_to_start(environ: dict[str, str], named: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "celery", "--app", "recognition", "worker"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | environ,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode != 0
    assert named in done.stderr + done.stdout


def test_messages_are_delivered_again_after_the_time_that_limits_attempts() -> None:
    limit = settings_module._DELIVERED_AGAIN_SECONDS
    assert app.conf.broker_transport_options["visibility_timeout"] == limit
    assert app.conf.task_time_limit < limit
