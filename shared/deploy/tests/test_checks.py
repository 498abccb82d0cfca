"""`make aws-check`: green as committed, and red for a mistake of each kind that is planted."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from aws import checks
from aws.exceptions import Exceptions, read
from aws.paths import TEMPLATES

pytestmark = pytest.mark.slow
NOTHING = Exceptions((), whole=False)


def planted(tmp_path: Path, name: str, resource: str, **properties: Any) -> Path:
    """Write a template with other properties of one resource; None removes a property."""
    document = yaml.safe_load(TEMPLATES[name].read_text())
    changed = document["Resources"][resource]["Properties"]
    for key, value in properties.items():
        if value is None:
            del changed[key]
        else:
            changed[key] = value
    path = tmp_path / "aws.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False))
    return path


@pytest.mark.timeout(900)
def test_the_committed_templates_are_green() -> None:
    outcomes = checks.check(TEMPLATES, read())
    names = ["checkov", "cfn-lint", "sam validate monolith", "sam validate recognition"]
    assert [it.name for it in outcomes] == names
    assert [(it.name, it.problems) for it in outcomes if not it.green] == []


@pytest.mark.timeout(300)
def test_cfn_lint_finds_an_unknown_property(tmp_path: Path) -> None:
    path = planted(tmp_path, "accounts", "AccountsTable", BilingMode="PAY_PER_REQUEST")
    assert any("BilingMode" in line for line in checks._cfn_lint([path]))


@pytest.mark.timeout(300)
def test_cfn_lint_finds_a_reference_to_nothing(tmp_path: Path) -> None:
    path = planted(tmp_path, "recognition", "QueuePolicy", Queues=[{"Ref": "Queu"}])
    assert any("Queu" in line for line in checks._cfn_lint([path]))


@pytest.mark.timeout(300)
def test_sam_validate_finds_an_event_without_a_queue(tmp_path: Path) -> None:
    events = {"Requests": {"Type": "SQS", "Properties": {"BatchSize": 1}}}
    path = planted(tmp_path, "recognition", "Function", Events=events)
    assert any("Queue" in line or "Requests" in line for line in checks._sam_validate(path))


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("name", "resource", "properties", "check"),
    [
        ("recognition", "ResultBucket", {"PublicAccessBlockConfiguration": None}, "CKV_AWS_53"),
        ("accounts", "AccountsTable", {"PointInTimeRecoverySpecification": None}, "CKV_AWS_28"),
        ("monolith", "Database", {"StorageEncrypted": False}, "CKV_AWS_16"),
        ("monolith", "Database", {"PubliclyAccessible": True}, "CKV_AWS_17"),
    ],
)
def test_checkov_finds_what_is_not_safe(
    tmp_path: Path, name: str, resource: str, properties: dict[str, Any], check: str
) -> None:
    path = planted(tmp_path, name, resource, **properties)
    reviewed = Exceptions(read().entries, whole=False)
    assert any(check in problem for problem in checks._checkov([path], reviewed))
    assert not any(check in it for it in checks._checkov([TEMPLATES[name]], reviewed))


@pytest.mark.timeout(300)
def test_a_template_that_checkov_cannot_read_is_no_green_one(tmp_path: Path) -> None:
    path = tmp_path / "aws.yaml"
    path.write_text("Resources: [\n")
    with pytest.raises(ValueError, match="read no resource"):
        checks._checkov([path], NOTHING)
