"""The environment of the tests: free ports, set before the service is imported."""

import os

from tests.ports import free_port

BROKER_PORT = free_port()
S3_PORT = free_port()

os.environ |= {
    "ENVIRONMENT": "test",
    "BROKER_URL": f"redis://127.0.0.1:{BROKER_PORT}/0",
    "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{S3_PORT}",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test-secret",
    "RECOGNIZER": "synthetic",
    "SYNTHETIC_CPU_MS": "0",
    "SYNTHETIC_WAIT_MS": "0",
}
