"""The Procfile's commands, run unchanged."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.backing_services import procfile_command, wait_until_listening
from tests.ports import free_port

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_release_and_web() -> None:
    environment = os.environ | {
        "ACCOUNTS_TABLE": "released",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    release = ["sh", "-c", f"exec {procfile_command(ROOT, 'release')}"]
    subprocess.run(release, cwd=ROOT, env=environment, check=True, timeout=60)

    port = free_port()
    web = subprocess.Popen(
        ["sh", "-c", f"exec {procfile_command(ROOT, 'web')}"],
        cwd=ROOT,
        env=environment | {"PORT": str(port), "WEB_THREADS": "2"},
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_listening(port, web, seconds=60)
        assert _ready(f"http://127.0.0.1:{port}/readyz") == {
            "status": "ok",
            "parts": {"dynamodb": "ok"},
        }
        web.terminate()
        assert web.wait(timeout=30) == 0
    finally:
        web.kill()
        web.wait()


def _ready(url: str) -> dict[str, Any]:
    """Wait until a process is ready, and return its readiness response."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=60) as response:
                report: dict[str, Any] = json.load(response)
                return report
        except urllib.error.HTTPError as error:
            if error.code != 503 or time.monotonic() > deadline:
                raise
            time.sleep(0.2)
