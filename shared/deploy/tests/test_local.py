"""`make aws-local`: the stack is deployed, one image is recognized, and the stack is deleted.

The emulator checks each request of the function against the policies of the function's role.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from aws import emulator, local_flow, local_stack, local_variant, valkey
from aws.emulator import Emulator
from aws.local_stack import IMAGE_BUCKET, RESULT_BUCKET, Stack
from aws.paths import DEPLOY, REPOSITORY, TEMPLATES
from botocore.exceptions import ClientError

from tests.stacks import template

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
IMAGE = REPOSITORY / "shared" / "fixtures" / "load.jpg"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="flow-aws-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture(scope="module")
def broker(folder: Path) -> Iterator[int]:
    with valkey.running(folder) as port:
        yield port


@pytest.fixture(scope="module")
def cloud(folder: Path) -> Iterator[Emulator]:
    with emulator.running(folder, services=local_stack.SERVICES) as running:
        yield running


@pytest.fixture(scope="module")
def stack(cloud: Emulator, folder: Path, broker: int) -> Stack:
    template = local_variant.write(folder, broker_url=f"redis://127.0.0.1:{broker}/2")
    return local_stack.deploy(cloud, template)


def attempt(cloud: Emulator, stack: Stack) -> dict[str, Any]:
    """Invoke the function directly for one upload; return the message of the outcome."""
    name = next(name for kind, name in stack.resources if kind == "AWS::Lambda::Function")
    submission_id = str(uuid4())
    key = f"uploads/{submission_id}"
    cloud.client("s3").put_object(Bucket=IMAGE_BUCKET, Key=key, Body=IMAGE.read_bytes())
    event = {
        "submission_id": submission_id,
        "image": {"kind": "upload", "bucket": IMAGE_BUCKET, "key": key},
        "attempt": 1,
        "requested_at": "2026-11-01T00:00:00Z",
    }
    response = cloud.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event))
    found: dict[str, Any] = json.loads(response["Payload"].read())
    return found


def test_an_image_on_the_queue_becomes_a_document_in_the_bucket(
    cloud: Emulator, stack: Stack, broker: int
) -> None:
    recognized = local_flow.submit(cloud, stack, IMAGE)
    expected = json.loads((REPOSITORY / "shared/fixtures/expectations.json").read_text())
    assert len(recognized.document["detections"]) >= 1, expected
    assert int(valkey.call(broker, "LLEN", "submissions", database=2).removeprefix(":")) >= 2


def test_what_the_stack_has_is_what_the_template_names(cloud: Emulator, stack: Stack) -> None:
    kinds = {kind for kind, _ in stack.resources}
    assert {
        "AWS::CloudWatch::Alarm",
        "AWS::IAM::Role",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::Function",
        "AWS::S3::Bucket",
        "AWS::SQS::Queue",
    } <= kinds
    (mapping,) = cloud.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 4}
    queue = cloud.client("sqs").get_queue_attributes(
        QueueUrl=stack.outputs["QueueUrl"], AttributeNames=["RedrivePolicy"]
    )
    assert json.loads(queue["Attributes"]["RedrivePolicy"])["maxReceiveCount"] in {3, "3"}


@pytest.mark.parametrize(
    ("action", "resource", "decision"),
    [
        ("s3:PutObject", f"arn:aws:s3:::{RESULT_BUCKET}/results/1.json", "allowed"),
        ("s3:DeleteObject", f"arn:aws:s3:::{RESULT_BUCKET}/results/1.json", "implicitDeny"),
        ("dynamodb:GetItem", "*", "implicitDeny"),
    ],
)
def test_the_deployed_role_permits_what_the_template_states(
    cloud: Emulator, stack: Stack, action: str, resource: str, decision: str
) -> None:
    iam = cloud.client("iam")
    role = iam.get_role(RoleName=local_stack.role_of(stack))["Role"]["Arn"]
    simulated = iam.simulate_principal_policy(
        PolicySourceArn=role, ActionNames=[action], ResourceArns=[resource]
    )
    assert simulated["EvaluationResults"][0]["EvalDecision"] == decision


def test_without_its_permission_the_function_stores_nothing(cloud: Emulator, stack: Stack) -> None:
    assert attempt(cloud, stack)["message"] == "recognition.completed"
    iam, role = cloud.client("iam"), local_stack.role_of(stack)
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    whole = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    less = [it for it in whole["Statement"] if it["Sid"] != "Store"]
    iam.put_role_policy(
        RoleName=role, PolicyName=name, PolicyDocument=json.dumps({**whole, "Statement": less})
    )
    try:
        refused = attempt(cloud, stack)
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(whole))
    assert refused["message"] == "recognition.failed"
    assert attempt(cloud, stack)["message"] == "recognition.completed"


def test_the_variant_differs_from_the_template_in_five_things_alone() -> None:
    original = yaml.safe_load(TEMPLATES["recognition"].read_text())
    variant = local_variant.variant(original, "package", "redis://127.0.0.1:6379/2")
    missing = set(original["Resources"]) - set(variant["Resources"])
    assert missing == set(local_variant.ONLY_TLS)
    for name in missing:
        (statement,) = original["Resources"][name]["Properties"]["PolicyDocument"]["Statement"]
        assert statement["Sid"] == "OnlyTls"
    changed = {
        (resource, key)
        for resource, content in variant["Resources"].items()
        for key in {*content["Properties"], *original["Resources"][resource]["Properties"]}
        if content["Properties"].get(key) != original["Resources"][resource]["Properties"].get(key)
    }
    assert changed == {
        *(("Function", key) for key in ("PackageType", "ImageUri", "ImageConfig")),
        *(("Function", key) for key in ("Runtime", "Handler", "CodeUri")),
        ("Function", "VpcConfig"),
        ("Function", "Events"),
        ("BrokerUrl", "SecretString"),
    }
    events = original["Resources"]["Function"]["Properties"]["Events"]
    scaling = events["Requests"]["Properties"]["ScalingConfig"]
    assert scaling == {"MaximumConcurrency": {"Ref": "FunctionsMax"}}
    scaling["MaximumConcurrency"] = local_variant.FUNCTIONS_MAX
    assert variant["Resources"]["Function"]["Properties"]["Events"] == events
    assert {k: v for k, v in original.items() if k != "Resources"} == {
        k: v for k, v in variant.items() if k != "Resources"
    }


def test_the_policy_of_the_queue_refuses_a_request_without_tls(
    cloud: Emulator, stack: Stack
) -> None:
    sqs, url = cloud.client("sqs"), stack.outputs["DeadLettersUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="{}")
    found = template("recognition").properties("QueuePolicy")["PolicyDocument"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    policy = json.dumps(found).replace(found["Statement"][0]["Resource"][1], arn["QueueArn"])
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    with pytest.raises(ClientError, match="AccessDenied"):
        sqs.send_message(QueueUrl=url, MessageBody="{}")


def test_the_command_deploys_recognizes_and_deletes() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "aws", "local"],
        check=False,
        capture_output=True,
        text=True,
        cwd=DEPLOY,
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/tmp")},
        timeout=350,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"faces in load\.jpg: [1-9]", done.stdout)
    assert done.stdout.splitlines()[-1].endswith("the stack is deleted")
    seconds = [float(it) for it in re.findall(r"^ *([\d.]+) s  ", done.stdout, re.MULTILINE)]
    assert seconds == sorted(seconds)


def test_the_stack_leaves_nothing_behind(cloud: Emulator, stack: Stack) -> None:
    """The last test of this module: it deletes the stack of the others."""
    local_stack.delete(cloud)
    assert cloud.client("lambda").list_functions()["Functions"] == []
    assert cloud.client("lambda").list_event_source_mappings()["EventSourceMappings"] == []
    assert cloud.client("sqs").list_queues().get("QueueUrls", []) == []
    buckets = {it["Name"] for it in cloud.client("s3").list_buckets()["Buckets"]}
    assert RESULT_BUCKET not in buckets
    assert stack.outputs["QueueUrl"]
