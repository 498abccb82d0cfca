"""The service's settings for the tests: free ports, a key file of the run's own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.ports import free_port

CACHE_PORT = free_port()
DYNAMODB_PORT = free_port()
RUN_DIR = Path(tempfile.mkdtemp(prefix="accounts-tests-"))
# Not in a fixture: mypy's plugin imports these settings too, and runs none.
atexit.register(shutil.rmtree, RUN_DIR, ignore_errors=True)

os.environ |= {
    "ENVIRONMENT": "test",
    "AWS_ENDPOINT_URL_DYNAMODB": f"http://127.0.0.1:{DYNAMODB_PORT}",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test-secret",
    "CACHE_URL": f"redis://127.0.0.1:{CACHE_PORT}/0",
    "TOKEN_SIGNING_KEYS_FILE": str(RUN_DIR / "signing-keys.json"),
}

from config.settings import *  # noqa: E402, F403 - after the environment that it reads
