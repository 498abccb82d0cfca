"""The emulator of SQS and Lambda: ministack, which runs functions as processes, without Docker.

It polls the queues that are mapped to a function, starts an environment of the function for each
batch while all others are busy, up to the mapping's limit, and ends those that are idle. Queues
and functions live in memory; permissions aren't checked.
"""

import json
import urllib.request
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from backing.binaries import emulator_python
from backing.processes import ProcessSpec

# AWS ends an idle environment after some minutes; it doesn't publish the time.
IDLE_SECONDS = 10
_SERVER = Path(__file__).with_name("lambda_server.py")
# Loopback is never requested through the caller's proxy.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def specification(
    data: Path, *, port: int, region: str, idle_seconds: float = IDLE_SECONDS
) -> ProcessSpec:
    """Return how to start the emulator on `port`, with no services but SQS and Lambda.

    Its child processes are the environments of the functions.
    """
    data.mkdir(parents=True, mode=0o700, exist_ok=True)
    return ProcessSpec(
        name="lambda",
        unit="lambda",
        role="backing",
        command=(str(emulator_python()), str(_SERVER)),
        directory=data,
        environment={
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "MINISTACK_REGION": region,
            "SERVICES": "sqs,lambda",
            "IOT_MTLS_ENABLED": "0",  # or it listens on all interfaces
            "LAMBDA_EXECUTOR": "local",
            "LAMBDA_WARM_TTL_SECONDS": f"{idle_seconds:g}",
            "LOG_LEVEL": "WARNING",
            "TMPDIR": str(data),
        },
        ready=lambda _process: _responds(port),
    )


@dataclass(frozen=True, slots=True)
class EnvironmentStart:
    """The start of an environment of a function: when it was ready (Unix time), after how long."""

    function: str
    at: float
    seconds: float


def read_starts(log: Path) -> list[EnvironmentStart]:
    """Return the starts in the emulator's log, oldest first; none without a log."""
    if not log.exists():
        return []
    found = (line for line in log.read_text().splitlines() if line.startswith('{"started"'))
    lines = [json.loads(line) for line in found]
    return [EnvironmentStart(it["started"], it["at"], it["seconds"]) for it in lines]


def _responds(port: int) -> bool:
    address = f"http://127.0.0.1:{port}/_ministack/health"
    with _DIRECT.open(address, timeout=1) as response:
        return bool(response.status == HTTPStatus.OK)
