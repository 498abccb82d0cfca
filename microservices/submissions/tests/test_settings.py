"""The environment variables: documented in the README, validated at the start."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
_READ_BY_SETTINGS = re.compile(r'(?:_text|_number|_list|environ\.get)\(\s*"([A-Z_0-9]+)"')
_ENVIRONMENT = re.compile(r"os\.environ\b|getenv")
_READ_BY_PROCFILE = re.compile(r"\$\{?([A-Z_]+)")
_READ_BY_CLIENTS = {
    "AWS_ENDPOINT_URL_S3",
    "AWS_ENDPOINT_URL_SQS",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
}

PRODUCTION = {
    "PATH": os.environ["PATH"],
    "ENVIRONMENT": "production",
    "SECRET_KEY": "a secret of production's own",
    "DATABASE_URL": "postgresql://owner:secret@127.0.0.1:5432/submissions",
    "BROKER_URL": "redis://127.0.0.1:6379/0",
    "CACHE_URL": "redis://127.0.0.1:6379/1",
    "JWKS_URL": "http://127.0.0.1:8001/.well-known/jwks.json",
    "DJANGO_SETTINGS_MODULE": "config.settings",
}


def test_the_readme_names_every_variable() -> None:
    settings = (ROOT / "config" / "settings.py").read_text()
    procfile = (ROOT / "Procfile").read_text()
    read = {
        *_READ_BY_SETTINGS.findall(settings),
        *_READ_BY_PROCFILE.findall(procfile),
    }
    table = re.findall(r"^\| `([A-Z_0-9]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert len(table) == len(set(table))
    assert set(table) == read | _READ_BY_CLIENTS


def test_only_the_settings_read_the_environment() -> None:
    sources = [path for app in ("config", "submissions") for path in ROOT.glob(f"{app}/**/*.py")]
    reading = {
        path.name for path in sources if re.search(r"os\.environ\b|getenv", path.read_text())
    }
    # The other two name the settings module, and the pool that the web process has.
    # obstore reads variables itself, as boto3 does; object_store.py looks at the store's URL.
    # prometheus-client reads a variable that `metric_files` has.
    assert reading == {
        *("settings.py", "asgi.py", "celery.py", "object_store.py"),
        "metric_files.py",
    }


REFUSED = [
    ({"SECRET_KEY": ""}, "SECRET_KEY"),
    ({"SECRET_KEY": "only-for-development-on-this-machine"}, "SECRET_KEY"),
    ({"DATABASE_URL": ""}, "DATABASE_URL"),
    ({"DATABASE_URL": "mysql://127.0.0.1/x"}, "DATABASE_URL"),
    ({"BROKER_URL": ""}, "BROKER_URL"),
    ({"CACHE_URL": ""}, "CACHE_URL"),
    ({"JWKS_URL": ""}, "JWKS_URL"),
    ({"LEASE_SECONDS": "long"}, "LEASE_SECONDS"),
    ({"ENVIRONMENT": "staging"}, "ENVIRONMENT"),
    ({"OBSERVE": "yes"}, "OBSERVE must be 0 or 1, not 'yes'."),
    ({"RECOGNITION": "serverless"}, "RECOGNITION must be celery or lambda, not 'serverless'."),
    ({"RECOGNITION": "lambda"}, "RECOGNITION_QUEUE_URL must be set when RECOGNITION is lambda."),
    ({"IMAGES_FROM": "cdn"}, "IMAGES_FROM must be application or store, not 'cdn'"),
    ({"IMAGE_URL_SECONDS": "0"}, "IMAGE_URL_SECONDS must be 1 to 604800"),
    ({"IMAGE_URL_SECONDS": "604801"}, "IMAGE_URL_SECONDS must be 1 to 604800"),
    # Without ENVIRONMENT the rules of production apply.
    ({"ENVIRONMENT": "", "SECRET_KEY": ""}, "SECRET_KEY"),
]
# A start is mostly imports, which are shared; the rest runs after a fork.
STARTS = """
import json, os, sys, traceback
import django, django.db.models, config.logs, imaging
for environment in json.load(sys.stdin):
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.dup2(writing, 2)
        os.environ.clear()
        os.environ.update(environment)
        try:
            django.setup()
            __import__(environment.get("STARTS", "django"))
        except Exception:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.close(writing)
    with open(reading) as errors:
        output = errors.read()
    print(json.dumps([os.waitstatus_to_exitcode(os.wait()[1]), output]), flush=True)
"""


@dataclass(frozen=True)
class Start:
    """Return how a process ended, and its standard error."""

    status: int
    errors: str
    environment: dict[str, str]


@pytest.fixture(scope="module")
def starts() -> list[Start]:
    """Start in production with all variables, in development with none, and each refused one."""
    development = {
        "PATH": os.environ["PATH"],
        "ENVIRONMENT": "development",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    environments = [PRODUCTION, development]
    environments += [PRODUCTION | changes for changes, _ in REFUSED]
    done = subprocess.run(
        [sys.executable, "-c", STARTS],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        input=json.dumps(environments),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    output = map(json.loads, done.stdout.splitlines())
    return [
        Start(status, errors, environment)
        for (status, errors), environment in zip(output, environments, strict=True)
    ]


@pytest.mark.slow
def test_it_starts_in_production_with_all_of_it(starts: list[Start]) -> None:
    assert starts[0].status == 0, starts[0].errors


@pytest.mark.slow
def test_it_starts_in_development_with_nothing(starts: list[Start]) -> None:
    assert starts[1].status == 0, starts[1].errors


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(REFUSED)), ids=[str(it) for it, _ in REFUSED])
def test_it_refuses_to_start_without(number: int, starts: list[Start]) -> None:
    start, named = starts[2 + number], REFUSED[number][1]
    assert start.status != 0
    last = start.errors.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in last
    assert named in last
