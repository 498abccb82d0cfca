"""Recognition as a function: its queues, and its registration with the emulator of AWS Lambda.

The emulator starts `bootstrap` for each environment of the function. It runs AWS's own runtime
client (awslambdaric) with the unit's programs, files and settings, as the worker's process has.
"""

import io
import json
import os
import shlex
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from backing import PlatformError
from benchmarks.targets.architectures import Architecture, Unit
from benchmarks.targets.local.placement import Installed

SETTING = "RECOGNITION"
QUEUE_SETTING = "RECOGNITION_QUEUE_URL"
QUEUE = "recognition"
DEAD_LETTER_QUEUE = "recognition-dead-letters"
RECEIVES_MAX = 3
SETTINGS_FILE = Path("data", "function", "settings.sh")  # of a run
CONCURRENCY = 4
WORKER = "worker"  # the process type in whose place the function is
_ARMS = ("celery", "lambda")
_TIME_LIMIT_SETTING, _TIME_LIMIT_SECONDS = "TIME_LIMIT_SECONDS", 30  # the units' default
_ROLE = "arn:aws:iam::000000000000:role/recognition"


def is_function(settings: Mapping[str, str]) -> bool:
    """Return whether the settings choose a function. PlatformError if they choose neither."""
    arm = settings.get(SETTING) or _ARMS[0]
    if arm not in _ARMS:
        message = f"There is no {SETTING}={arm}: use {' or '.join(_ARMS)}."
        raise PlatformError(message)
    return arm == "lambda"


def needed_packages(
    architecture: Architecture, settings: Mapping[str, str], environments: Path
) -> dict[str, Path]:
    """Return, by unit, the packages of its function; empty if a worker makes the attempts.

    PlatformError if they are missing, and for an unknown choice.
    """
    if not is_function(settings):
        return {}
    return {
        unit.name: runtime_packages(unit, environments)
        for unit in architecture.units
        if unit.function is not None
    }


def runtime_packages(unit: Unit, environments: Path) -> Path:
    """Return the folder with awslambdaric for a unit. PlatformError if it is missing."""
    folder = environments / f"{unit.name}-function"
    found = sorted(folder.glob("lib/python*/site-packages/awslambdaric"))
    if not found:
        message = f"The environment {folder} is missing: run `make .venvs/{folder.name}` first."
        raise PlatformError(message)
    return found[0].parent


def timeout_seconds(settings: Mapping[str, str]) -> int:
    """Return the function's time limit, longer than that of an attempt, shorter than its lease."""
    return int(settings.get(_TIME_LIMIT_SETTING) or _TIME_LIMIT_SECONDS) + 10


def create_queues(backing: Mapping[str, str], settings: Mapping[str, str]) -> str:
    """Create the queue and its dead-letter queue; return the queue's URL.

    `backing` are the endpoints and credentials of SQS and Lambda, `settings` those of the units. No
    message is delivered again while the function may still handle it.
    """
    sqs = client("sqs", backing)
    dead = sqs.create_queue(QueueName=DEAD_LETTER_QUEUE)["QueueUrl"]
    redrive = {"deadLetterTargetArn": _arn(sqs, dead), "maxReceiveCount": RECEIVES_MAX}
    url: str = sqs.create_queue(
        QueueName=QUEUE,
        Attributes={
            "VisibilityTimeout": str(timeout_seconds(settings) * 3 // 2),
            "RedrivePolicy": json.dumps(redrive),
        },
    )["QueueUrl"]
    return url


def register(
    unit: Unit,
    installed: Installed,
    *,
    environment: Mapping[str, str],
    packages: Path,
    run_dir: Path,
    concurrency: int = CONCURRENCY,
) -> None:
    """Create the unit's function, and map the queue to it.

    Its environments have the settings of `environment`, read `packages` beside the unit's own, and
    log into one file of the run.
    """
    settings = run_dir / SETTINGS_FILE
    settings.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings.touch(mode=0o600)
    paths = [path for path in (environment.get("PYTHONPATH"), str(packages)) if path]
    settings.write_text(_exports({**environment, "PYTHONPATH": os.pathsep.join(paths)}))
    log = run_dir / "logs" / f"{unit.name}-function.log"
    aws = client("lambda", environment)
    aws.create_function(
        FunctionName=unit.name,
        Runtime="provided.al2023",
        Role=_ROLE,
        Handler=unit.function,
        Code={"ZipFile": _package(_bootstrap(unit, installed, settings, log))},
        Timeout=timeout_seconds(environment),
        MemorySize=1769,  # of one processor on AWS; the emulator limits neither
    )
    sqs = client("sqs", environment)
    aws.create_event_source_mapping(
        FunctionName=unit.name,
        EventSourceArn=_arn(sqs, environment[QUEUE_SETTING]),
        BatchSize=1,
        FunctionResponseTypes=["ReportBatchItemFailures"],
        ScalingConfig={"MaximumConcurrency": concurrency},
    )


def _exports(environment: Mapping[str, str]) -> str:
    """Return a shell script with the settings, of which the emulator would drop some."""
    lines = [f"export {name}={shlex.quote(value)}" for name, value in environment.items()]
    return "\n".join(["unset AWS_SESSION_TOKEN", *lines, ""])


def _bootstrap(unit: Unit, installed: Installed, settings: Path, log: Path) -> str:
    """Return the script that starts an environment."""
    python = installed.executables / "python"
    return (
        f"#!/bin/sh\n. {shlex.quote(str(settings))}\n"
        f"cd {shlex.quote(str(installed.files(unit.folder)))}\n"
        f"exec {shlex.quote(str(python))} -m awslambdaric {unit.function}"
        f" >> {shlex.quote(str(log))} 2>&1\n"
    )


def _package(bootstrap: str) -> bytes:
    """Return a code package, a ZIP archive with this script."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        zipped.writestr(entry, bootstrap)
    return archive.getvalue()


def _arn(sqs: Any, url: str) -> str:
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return str(found["Attributes"]["QueueArn"])


def client(service: str, environment: Mapping[str, str]) -> Any:
    """Return a client of the emulator for a service, sqs or lambda."""
    return boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=environment[f"AWS_ENDPOINT_URL_{service.upper()}"],
        region_name=environment["AWS_REGION"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        config=Config(connect_timeout=2, read_timeout=10, proxies={}),
    )
