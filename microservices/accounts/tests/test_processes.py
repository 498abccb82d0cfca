"""The Procfile's commands, run as they stand."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.parts import free_port, procfile_command, wait_until_listening

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
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=60) as answer:
            assert json.load(answer) == {"status": "ok", "parts": {"dynamodb": "ok"}}
        web.terminate()
        assert web.wait(timeout=30) == 0
    finally:
        web.kill()
        web.wait()
