"""The DynamoDB emulator: ministack, in an environment of its own. Its tables live in memory."""

import urllib.request
from http import HTTPStatus
from pathlib import Path

from backing.binaries import ministack
from backing.processes import ProcessSpec

# Loopback is never requested through the caller's proxy.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def specification(data: Path, *, port: int) -> ProcessSpec:
    """Return how to start the emulator on `port`, with no service but DynamoDB."""
    data.mkdir(parents=True, mode=0o700, exist_ok=True)
    return ProcessSpec(
        name="dynamodb",
        unit="dynamodb",
        role="backing",
        command=(str(ministack()),),
        directory=data,
        environment={
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "SERVICES": "dynamodb",
            "LOG_LEVEL": "WARNING",
            "TMPDIR": str(data),
        },
        ready=lambda _process: _responds(port),
    )


def _responds(port: int) -> bool:
    address = f"http://127.0.0.1:{port}/_ministack/health"
    with _DIRECT.open(address, timeout=1) as response:
        return bool(response.status == HTTPStatus.OK)
