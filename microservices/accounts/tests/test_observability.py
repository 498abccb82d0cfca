"""No process imports anything for its traces unless OBSERVE is 1."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Starts what each process starts, one after the other, and prints what was imported.
STARTS = """
import json, os, signal, sys, threading
for name in sys.argv[1:]:
    sys.modules[name] = None  # as if it isn't installed: redis-py imports what is
import config.asgi
print(json.dumps([name for name, module in sys.modules.items() if module is not None]))
"""
PACKAGES = ("opentelemetry", "prometheus_client")


def started(observe: str, *, without: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Start what all of the unit's processes start, as where these packages aren't installed."""
    return subprocess.run(
        [sys.executable, "-c", STARTS, *without],
        cwd=ROOT,
        env={**os.environ, "OBSERVE": observe, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("observe", ["", "0"])
def test_without_observe_it_starts_without_the_packages(observe: str) -> None:
    done = started(observe, without=PACKAGES)
    assert done.returncode == 0, done.stderr
    imported = json.loads(done.stdout.splitlines()[-1])
    assert "accounts" in imported
    assert [name for name in imported if "observability" in name and "redis" not in name] == []


@pytest.mark.slow
def test_with_observe_every_function_that_is_a_span_exists() -> None:
    done = started("1")
    assert done.returncode == 0, done.stderr
    assert "config.observability.functions" in json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
def test_with_observe_it_needs_the_packages() -> None:
    assert "config.observability.functions" not in started("1", without=PACKAGES).stdout
