"""Deploy the recognition service's stack to the emulator with SAM, and delete it again."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws.emulator import Emulator
from aws.paths import program

STACK = "flow-recognition"
IMAGE_BUCKET, RESULT_BUCKET = "flow-images-local", "flow-results-local"
SERVICES = "cloudformation,cloudwatch,ecs,iam,lambda,logs,s3,secretsmanager,sns,sqs,sts"
_TIMEOUT_SECONDS = 300


class DeployError(Exception):
    """SAM or the emulator refused the stack; the text has the end of the output."""


@dataclass(frozen=True)
class Stack:
    """A deployed stack: its outputs by name, and its resources as (type, name)."""

    outputs: Mapping[str, str]
    resources: tuple[tuple[str, str], ...]


def deploy(emulator: Emulator, template: Path) -> Stack:
    """Deploy a template as AWS users do, by `sam deploy`. Raises DeployError.

    The image bucket belongs to the submissions service, the token to the shared stack: both are
    made here.
    """
    emulator.client("s3").create_bucket(Bucket=IMAGE_BUCKET)
    token = emulator.client("secretsmanager").create_secret(Name="token", SecretString="none")
    parameters = {
        "Image": "none",
        "FunctionImage": "none",
        "Recognition": "lambda",
        "Replicas": "0",
        "Subnets": "subnet-none",
        "SecurityGroup": "sg-none",
        "Cluster": "none",
        "ValkeyHost": "none",
        "ValkeyToken": token["ARN"],
        "ImageBucketName": IMAGE_BUCKET,
        "ResultBucketName": RESULT_BUCKET,
        "Alarms": "arn:aws:sns:us-east-1:000000000000:alarms",
    }
    _sam(
        emulator,
        *("deploy", "--template-file", str(template), "--stack-name", STACK, "--resolve-s3"),
        *("--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"),
        *("--no-confirm-changeset", "--no-progressbar", "--parameter-overrides"),
        *(f"{name}={value}" for name, value in parameters.items()),
    )
    return describe(emulator)


def describe(emulator: Emulator) -> Stack:
    """Return the deployed stack."""
    formation = emulator.client("cloudformation")
    (found,) = formation.describe_stacks(StackName=STACK)["Stacks"]
    resources = formation.describe_stack_resources(StackName=STACK)["StackResources"]
    return Stack(
        {it["OutputKey"]: it["OutputValue"] for it in found.get("Outputs", [])},
        tuple((it["ResourceType"], it["PhysicalResourceId"]) for it in resources),
    )


def role_of(stack: Stack) -> str:
    """Return the name of the function's role."""
    names = [name for kind, name in stack.resources if kind == "AWS::IAM::Role"]
    return next(name for name in names if "FunctionRole" in name)


def delete(emulator: Emulator) -> None:
    """Empty the stack's bucket, and delete the stack by `sam delete`. Raises DeployError."""
    empty(emulator.client("s3"), RESULT_BUCKET)
    _sam(emulator, "delete", "--stack-name", STACK, "--no-prompts", "--region", "us-east-1")


def empty(s3: Any, bucket: str) -> None:
    """Delete every object of a bucket."""
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for found in page.get("Contents", []):
            s3.delete_object(Bucket=bucket, Key=found["Key"])


def _sam(emulator: Emulator, *words: str) -> None:
    done = subprocess.run(
        [str(program("deploy-sam", "sam")), *words],
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=emulator.environment(),
        cwd=emulator.folder,
        timeout=_TIMEOUT_SECONDS,
    )
    if done.returncode != 0:
        output = f"{done.stdout}\n{done.stderr}".strip()[-3000:]
        message = f"`sam {words[0]}` failed:\n{output}"
        raise DeployError(message)
