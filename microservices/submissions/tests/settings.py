"""The service's settings for the tests: free ports, a folder of the run's own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.ports import free_port

POSTGRES_PORT = free_port()
VALKEY_PORT = free_port()
S3_PORT = free_port()
ACCOUNTS_PORT = free_port()
RUN_DIR = Path(tempfile.mkdtemp(prefix="submissions-tests-"))
# Not in a fixture: mypy's plugin imports these settings too, and runs none.
atexit.register(shutil.rmtree, RUN_DIR, ignore_errors=True)

os.environ |= {
    "ENVIRONMENT": "test",
    "DATABASE_URL": f"postgresql://postgres@127.0.0.1:{POSTGRES_PORT}/submissions",
    "BROKER_URL": f"redis://127.0.0.1:{VALKEY_PORT}/0",
    "CACHE_URL": f"redis://127.0.0.1:{VALKEY_PORT}/1",
    "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{S3_PORT}",
    "AWS_ENDPOINT_URL_SQS": f"http://127.0.0.1:{S3_PORT}",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test-secret",
    "JWKS_URL": f"http://127.0.0.1:{ACCOUNTS_PORT}/.well-known/jwks.json",
    "LOG_LEVEL": "WARNING",
}

from config.settings import *  # noqa: E402, F403 - after the environment that it reads
