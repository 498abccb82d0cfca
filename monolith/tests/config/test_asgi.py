"""The entry point of the web process."""

import os
import subprocess
import sys

import pytest


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_what_is_loaded_is_left_alone_by_the_garbage_collector() -> None:
    code = "import config.asgi, gc; print(gc.get_freeze_count(), len(gc.get_objects()))"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, check=True, capture_output=True, timeout=110
    )
    frozen, left = map(int, done.stdout.split())
    assert frozen > 10 * left
