"""The service's settings for the tests: free ports, a key file of the run's own."""

import os
import socket
import tempfile
from pathlib import Path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


CACHE_PORT = _free_port()
DYNAMODB_PORT = _free_port()
RUN_DIR = Path(tempfile.mkdtemp(prefix="accounts-tests-"))

os.environ |= {
    "ENVIRONMENT": "test",
    "AWS_ENDPOINT_URL_DYNAMODB": f"http://127.0.0.1:{DYNAMODB_PORT}",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test-secret",
    "CACHE_URL": f"redis://127.0.0.1:{CACHE_PORT}/0",
    "TOKEN_SIGNING_KEYS_FILE": str(RUN_DIR / "signing-keys.json"),
}

from config.settings import *  # noqa: E402, F403 - after the environment that it reads
