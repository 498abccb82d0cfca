"""Least privilege, evaluated: for each role at least one action that it may do and one that not.

The documents are those of the templates; the policy simulator of the emulator evaluates them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from aws.policies import documents, roles
from aws.templates import ACCOUNT, REGION

from tests.stacks import FUNCTION, IMAGES, QUEUE, RESULTS, UNITS, WORKER, template

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient

ALLOWED, DENIED = "allowed", "implicitDeny"
TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{{unit}}-AccountsTable"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{{unit}}-{{name}}"
SIGNING_KEYS = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:signing-keys"
OWN_QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{{unit}}-Queue"
OWN_DEAD = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{{unit}}-DeadLetters"
M_IMAGES = f"arn:aws:s3:::monolith-images-{ACCOUNT}"
M_RESULTS = f"arn:aws:s3:::monolith-results-{ACCOUNT}"
S_IMAGES, S_RESULTS = f"arn:aws:s3:::{IMAGES}", f"arn:aws:s3:::{RESULTS}"
OTHER_TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/another"


def _stores(images: str, results: str) -> dict[str, list[tuple[str, str, str]]]:
    """Return what recognition may do with the stores, however it runs."""
    return {
        "recognition": [
            ("s3:GetObject", f"{images}/uploads/1", ALLOWED),
            ("s3:PutObject", f"{images}/images/1", ALLOWED),
            ("s3:PutObject", f"{results}/results/1.json", ALLOWED),
            ("s3:ListBucket", images, ALLOWED),
            ("s3:ListBucket", results, ALLOWED),
            ("s3:PutObject", f"{images}/uploads/1", DENIED),
            ("s3:DeleteBucket", images, DENIED),
            ("dynamodb:GetItem", TABLE, DENIED),
            ("dynamodb:PutItem", TABLE, DENIED),
            ("sqs:SendMessage", OWN_QUEUE, DENIED),
            ("secretsmanager:GetSecretValue", SIGNING_KEYS, DENIED),
        ],
        "function": [
            ("sqs:ReceiveMessage", OWN_QUEUE, ALLOWED),
            ("sqs:DeleteMessage", OWN_QUEUE, ALLOWED),
            ("sqs:ReceiveMessage", OWN_DEAD, DENIED),
            ("lambda:InvokeFunction", "*", DENIED),
            ("ec2:CreateNetworkInterface", "*", ALLOWED),
            ("ec2:RunInstances", "*", DENIED),
        ],
    }


def _web(images: str, results: str, queue: str) -> list[tuple[str, str, str]]:
    return [
        ("s3:PutObject", f"{images}/uploads/1", ALLOWED),
        ("s3:GetObject", f"{images}/images/1", ALLOWED),
        ("s3:GetObject", f"{results}/results/1.json", ALLOWED),
        ("s3:PutObject", f"{images}/images/1", DENIED),
        ("s3:PutObject", f"{results}/results/1.json", DENIED),
        ("s3:DeleteObject", f"{images}/images/1", ALLOWED),
        ("s3:DeleteObject", f"{results}/results/1.json", ALLOWED),
        ("s3:DeleteBucket", images, DENIED),
        ("sqs:SendMessage", queue, ALLOWED),
        ("sqs:ReceiveMessage", queue, DENIED),
    ]


def _sweeper(images: str, results: str, queue: str) -> list[tuple[str, str, str]]:
    return [
        ("s3:DeleteObject", f"{images}/images/1", ALLOWED),
        ("s3:DeleteObject", f"{results}/results/1.json", ALLOWED),
        ("s3:ListBucket", results, ALLOWED),
        ("s3:GetObject", f"{images}/images/1", DENIED),
        ("sqs:SendMessage", queue, ALLOWED),
        ("dynamodb:GetItem", TABLE, DENIED),
    ]


_ACCOUNTS = [
    ("dynamodb:GetItem", TABLE, ALLOWED),
    ("dynamodb:PutItem", TABLE, ALLOWED),
    ("dynamodb:Scan", TABLE, DENIED),
    ("dynamodb:DeleteItem", TABLE, DENIED),
    ("dynamodb:DeleteTable", TABLE, DENIED),
    ("dynamodb:GetItem", OTHER_TABLE, DENIED),
]
_TABLE_OF_RELEASE = [
    ("dynamodb:CreateTable", TABLE, ALLOWED),
    ("dynamodb:GetItem", TABLE, DENIED),
    ("dynamodb:DeleteTable", TABLE, DENIED),
]
_IMAGE = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/flow/monolith"


def _execution(own: tuple[str, ...], others: tuple[str, ...]) -> list[tuple[str, str, str]]:
    return [
        *(("secretsmanager:GetSecretValue", it, ALLOWED) for it in own),
        *(("secretsmanager:GetSecretValue", it, DENIED) for it in others),
        ("ecr:BatchGetImage", _IMAGE, ALLOWED),
        ("ecr:PutImage", _IMAGE, DENIED),
    ]


def _secret(unit: str, name: str) -> str:
    return SECRET.format(unit=unit, name=name)


CASES: dict[tuple[str, str], list[tuple[str, str, str]]] = {
    ("monolith", "ExecutionRole"): _execution(
        (SIGNING_KEYS, _secret("monolith", "DatabaseUrl")), (_secret("accounts", "SecretKey"),)
    ),
    ("monolith", "ReleaseRole"): [
        *_TABLE_OF_RELEASE,
        ("s3:CreateBucket", M_IMAGES, ALLOWED),
        ("s3:GetObject", f"{M_IMAGES}/images/1", DENIED),
    ],
    ("monolith", "WebRole"): [*_ACCOUNTS, *_web(M_IMAGES, M_RESULTS, OWN_QUEUE)],
    ("monolith", "SweeperRole"): _sweeper(M_IMAGES, M_RESULTS, OWN_QUEUE),
    ("monolith", "WorkerRole"): [
        *_stores(M_IMAGES, M_RESULTS)["recognition"],
        ("s3:DeleteObject", f"{M_IMAGES}/uploads/1", ALLOWED),
        ("s3:DeleteObject", f"{M_RESULTS}/results/1.json", ALLOWED),
    ],
    ("monolith", "FunctionRole"): [
        *_stores(M_IMAGES, M_RESULTS)["recognition"],
        *_stores(M_IMAGES, M_RESULTS)["function"],
        ("s3:DeleteObject", f"{M_IMAGES}/images/1", ALLOWED),
        ("s3:DeleteObject", f"{M_RESULTS}/results/1.json", ALLOWED),
    ],
    ("accounts", "ExecutionRole"): _execution(
        (SIGNING_KEYS, _secret("accounts", "CacheUrl")), (_secret("submissions", "DatabaseUrl"),)
    ),
    ("accounts", "ReleaseRole"): _TABLE_OF_RELEASE,
    ("accounts", "WebRole"): [
        *_ACCOUNTS,
        ("s3:GetObject", f"{S_IMAGES}/images/1", DENIED),
        ("s3:GetObject", f"{S_RESULTS}/results/1.json", DENIED),
        ("sqs:SendMessage", QUEUE, DENIED),
    ],
    ("submissions", "ExecutionRole"): _execution(
        (_secret("submissions", "DatabaseUrl"),), (SIGNING_KEYS, _secret("accounts", "SecretKey"))
    ),
    ("submissions", "ReleaseRole"): [
        ("s3:CreateBucket", S_IMAGES, ALLOWED),
        ("s3:CreateBucket", S_RESULTS, DENIED),
    ],
    ("submissions", "WebRole"): [
        *_web(S_IMAGES, S_RESULTS, QUEUE),
        ("dynamodb:GetItem", OTHER_TABLE, DENIED),
    ],
    ("submissions", "ConsumerRole"): [
        ("s3:DeleteObject", f"{S_IMAGES}/uploads/1", ALLOWED),
        ("s3:DeleteObject", f"{S_IMAGES}/images/1", ALLOWED),
        ("s3:DeleteObject", f"{S_RESULTS}/results/1.json", ALLOWED),
        ("sqs:SendMessage", QUEUE, DENIED),
    ],
    ("submissions", "SweeperRole"): _sweeper(S_IMAGES, S_RESULTS, QUEUE),
    ("recognition", "ExecutionRole"): _execution(
        (_secret("recognition", "BrokerUrl"),), (SIGNING_KEYS, _secret("accounts", "SecretKey"))
    ),
    ("recognition", "ReleaseRole"): [
        ("s3:CreateBucket", S_RESULTS, ALLOWED),
        ("s3:CreateBucket", S_IMAGES, DENIED),
    ],
    ("recognition", "WorkerRole"): [
        *_stores(S_IMAGES, S_RESULTS)["recognition"],
        ("s3:DeleteObject", f"{S_IMAGES}/uploads/1", DENIED),
        ("s3:DeleteObject", f"{S_RESULTS}/results/1.json", DENIED),
    ],
    ("recognition", "FunctionRole"): [
        *_stores(S_IMAGES, S_RESULTS)["recognition"],
        *_stores(S_IMAGES, S_RESULTS)["function"],
        ("s3:DeleteObject", f"{S_IMAGES}/uploads/1", DENIED),
        ("s3:DeleteObject", f"{S_RESULTS}/results/1.json", DENIED),
    ],
}


def evaluated(iam: "IAMClient", policies: list[str], action: str, resource: str) -> str:
    """Return the simulator's decision: allowed, implicitDeny or explicitDeny."""
    simulated = iam.simulate_custom_policy(
        PolicyInputList=policies, ActionNames=[action], ResourceArns=[resource]
    )
    (result,) = simulated["EvaluationResults"]
    return str(result["EvalDecision"])


@dataclass(frozen=True)
class Case:
    """One action of a role on one resource, and what the simulator has to decide."""

    unit: str
    role: str
    action: str
    resource: str
    decision: str

    def __str__(self) -> str:
        return f"{self.unit} {self.role} {self.action} {self.resource} {self.decision}"


def _cases() -> Iterator[Case]:
    for (unit, role), rows in CASES.items():
        for action, resource, decision in rows:
            yield Case(unit, role, action, resource.format(unit=unit), decision)


def _policies(unit: str, role: str) -> list[str]:
    return documents(template(unit, WORKER if role == "WorkerRole" else FUNCTION), role)


@pytest.mark.parametrize("case", list(_cases()), ids=str)
def test_what_a_role_may_do(iam: "IAMClient", case: Case) -> None:
    policies = _policies(case.unit, case.role)
    assert evaluated(iam, policies, case.action, case.resource) == case.decision


def test_every_role_of_every_unit_has_an_allowed_and_a_denied_action() -> None:
    existing = {
        (unit, role)
        for unit in UNITS
        for arm in (FUNCTION, WORKER)
        for role in roles(template(unit, arm))
    }
    assert existing == set(CASES)
    for name, rows in CASES.items():
        assert {decision for _, _, decision in rows} == {ALLOWED, DENIED}, name


def test_where_a_worker_makes_the_attempts_no_process_may_send_to_a_queue(iam: "IAMClient") -> None:
    for unit, queue in [("monolith", OWN_QUEUE.format(unit="monolith")), ("submissions", QUEUE)]:
        for role in ("WebRole", "SweeperRole"):
            policies = documents(template(unit, WORKER), role)
            assert evaluated(iam, policies, "sqs:SendMessage", queue) == DENIED


def test_the_simulator_sees_a_permission_too_many_and_an_explicit_denial(iam: "IAMClient") -> None:
    policies = _policies("recognition", "FunctionRole")
    table = TABLE.format(unit="accounts")
    wide = {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}
    planted = json.dumps({"Version": "2012-10-17", "Statement": [wide]})
    assert evaluated(iam, policies, "dynamodb:GetItem", table) == DENIED
    assert evaluated(iam, [*policies, planted], "dynamodb:GetItem", table) == ALLOWED
    denial = json.dumps({"Version": "2012-10-17", "Statement": [{**wide, "Effect": "Deny"}]})
    both = [*policies, planted, denial]
    assert evaluated(iam, both, "dynamodb:GetItem", table) == "explicitDeny"


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("arm", [FUNCTION, WORKER])
def test_only_what_has_no_resource_of_its_own_is_permitted_on_every_resource(
    unit: str, arm: str
) -> None:
    """Logging in to the registry, and the network interfaces of a function."""
    found = template(unit, arm)
    for role in roles(found):
        for document in documents(found, role):
            for statement in json.loads(document)["Statement"]:
                assert not any("*" in action for action in statement["Action"]), (unit, role)
                if statement["Resource"] == "*":
                    assert statement["Sid"] in {"Login", "Network"}, (unit, role)
