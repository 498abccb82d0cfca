"""The environment: told in the README, checked at the start."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
_READ_BY_SETTINGS = re.compile(r'(?:_text|_number|_list|environ\.get)\(\s*"([A-Z_0-9]+)"')
_READ_BY_PROCFILE = re.compile(r"\$\{?([A-Z_]+)")
_READ_BY_BOTO3 = {
    "AWS_ENDPOINT_URL_S3",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
}

PRODUCTION = {
    "PATH": os.environ["PATH"],
    "ENVIRONMENT": "production",
    "SECRET_KEY": "a secret of production's own",
    "DATABASE_URL": "postgresql://somebody:secret@127.0.0.1:5432/submissions",
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
    assert set(table) == read | _READ_BY_BOTO3


def test_only_the_settings_read_the_environment() -> None:
    sources = [path for app in ("config", "submissions") for path in ROOT.glob(f"{app}/**/*.py")]
    reading = {path.name for path in sources if re.search(r"environ\b|getenv", path.read_text())}
    # The other two name the settings module, and the pool that the web process has.
    assert reading == {"settings.py", "wsgi.py", "celery.py"}


def start(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "only-for-development-on-this-machine"}, "SECRET_KEY"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://127.0.0.1/x"}, "DATABASE_URL"),
        ({"BROKER_URL": ""}, "BROKER_URL"),
        ({"CACHE_URL": ""}, "CACHE_URL"),
        ({"JWKS_URL": ""}, "JWKS_URL"),
        ({"LEASE_SECONDS": "long"}, "LEASE_SECONDS"),
        ({"ENVIRONMENT": "staging"}, "ENVIRONMENT"),
        # Who forgets to say where it runs gets production's strictness.
        ({"ENVIRONMENT": "", "SECRET_KEY": ""}, "SECRET_KEY"),
    ],
)
def test_it_refuses_to_start_without(changes: dict[str, str], named: str) -> None:
    done = start(PRODUCTION | changes)
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in last
    assert named in last


def test_it_starts_in_production_with_all_of_it() -> None:
    done = start(PRODUCTION)
    assert done.returncode == 0, done.stderr


def test_it_starts_in_development_with_nothing() -> None:
    environment = {"ENVIRONMENT": "development", "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = start({"PATH": os.environ["PATH"]} | environment)
    assert done.returncode == 0, done.stderr
