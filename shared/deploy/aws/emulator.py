"""The emulator of AWS: ministack, started for one command, with permissions enforced.

It evaluates the policies of a role for each request that a function makes with the role's
credentials. Everything is in its memory, and it listens on loopback alone.
"""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from aws.paths import REPOSITORY, program
from aws.templates import REGION

# Credentials of the emulator's administrator, to whom no policy applies.
_KEY, _SECRET = "test", "test"
_START_SECONDS, _STOP_SECONDS = 60.0, 10.0
_PARENT_DEATH = REPOSITORY / "shared" / "backing" / "process_control" / "parent_death.py"
# Loopback is never requested through the caller's proxy.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class StartError(Exception):
    """A server ended, or didn't respond in time; the text has the end of its log."""


@dataclass(frozen=True)
class Emulator:
    """A running emulator. `url` is its endpoint of every service."""

    url: str
    folder: Path

    def client(self, service: str) -> Any:
        """Return a client of one service, with the administrator's credentials."""
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=_KEY,
            aws_secret_access_key=_SECRET,
            config=Config(
                connect_timeout=2,
                read_timeout=60,
                proxies={},
                s3={"addressing_style": "path"},
            ),
        )

    def environment(self) -> dict[str, str]:
        """Return the variables with which AWS's own tools use the emulator, and nothing else."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": _KEY,
            "AWS_SECRET_ACCESS_KEY": _SECRET,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "SAM_CLI_TELEMETRY": "0",
            "HOME": str(self.folder),  # where SAM keeps settings
            "NO_PROXY": "127.0.0.1",
        }


@contextlib.contextmanager
def running(
    folder: Path, *, services: str, environment: str = "deploy-emulator"
) -> Iterator[Emulator]:
    """Start an emulator of these services (names with commas between); end it on leaving.

    `folder` is for its log and its files. `environment` is where ministack is installed. Raises
    StartError, MissingEnvironment.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "SERVICES": services,
        "IOT_MTLS_ENABLED": "0",  # or it listens on all interfaces
        "LAMBDA_EXECUTOR": "local",
        "AWS_ENDPOINT_URL": url,  # for functions
        "LOG_LEVEL": "WARNING",
        "TMPDIR": str(folder),
        "AWS_ACCESS_KEY_ID": _KEY,
        "AWS_SECRET_ACCESS_KEY": _SECRET,
        "PATH": os.environ["PATH"],
        "NO_PROXY": "127.0.0.1",
    }
    command = [str(program(environment, "python")), "-m", "ministack"]
    with server(command, folder / "emulator.log", settings, lambda: _responds(url)):
        yield Emulator(url, folder)


@contextlib.contextmanager
def server(
    command: list[str], log: Path, settings: Mapping[str, str], is_ready: Callable[[], bool]
) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a server, wait until it is ready, and end it and its children on leaving.

    It also ends if this process is killed. Raises StartError.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, str(_PARENT_DEATH), *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(settings),
            cwd=log.parent,
            start_new_session=True,
        )
    try:
        _wait(process, log, is_ready)
        yield process
    finally:
        _end(process)


def free_port() -> int:
    """Return a port of loopback that is free now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(process: "subprocess.Popen[bytes]", log: Path, is_ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            if is_ready():
                return
        time.sleep(0.1)
    tail = log.read_text(errors="replace")[-2000:]
    message = f"{log.stem} didn't start:\n{tail}"
    raise StartError(message)


def _end(process: "subprocess.Popen[bytes]") -> None:
    for number in (15, 9):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_SECONDS)
            break
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, 9)  # children that outlive it


def _responds(url: str) -> bool:
    with _DIRECT.open(f"{url}/_ministack/health", timeout=1) as response:
        return bool(response.status == HTTPStatus.OK)
