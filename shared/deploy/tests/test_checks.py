"""`make aws-check`: green as committed, and red for a mistake of each kind that is planted."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from aws import checks
from aws.exceptions import Exceptions, read
from aws.paths import TEMPLATES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
NOTHING = Exceptions((), whole=False)
UNSAFE: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    ("recognition", "ResultBucket", {"PublicAccessBlockConfiguration": None}, "CKV_AWS_53"),
    ("submissions", "Database", {"StorageEncrypted": False}, "CKV_AWS_16"),
    ("monolith", "Database", {"PubliclyAccessible": True}, "CKV_AWS_17"),
    ("accounts", "AccountsTable", {"PointInTimeRecoverySpecification": None}, "CKV_AWS_28"),
)


def planted(folder: Path, name: str, resource: str, **properties: Any) -> Path:
    """Write a template with other properties of one resource; None removes a property."""
    document = yaml.safe_load(TEMPLATES[name].read_text())
    changed = document["Resources"][resource]["Properties"]
    for key, value in properties.items():
        if value is None:
            del changed[key]
        else:
            changed[key] = value
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False))
    return path


def test_the_committed_templates_are_green() -> None:
    outcomes = checks.check(TEMPLATES, read())
    names = ["checkov", "cfn-lint", "sam validate monolith", "sam validate recognition"]
    assert [it.name for it in outcomes] == names
    assert [(it.name, it.problems) for it in outcomes if not it.green] == []


def test_cfn_lint_finds_an_unknown_property_and_a_reference_to_nothing(tmp_path: Path) -> None:
    property_ = planted(tmp_path, "accounts", "AccountsTable", BilingMode="PAY_PER_REQUEST")
    reference = planted(tmp_path, "edge", "PageBucketPolicy", Bucket={"Ref": "PageBuket"})
    problems = checks._cfn_lint([property_, reference])
    assert any("BilingMode" in line for line in problems)
    assert any("PageBuket" in line for line in problems)


def test_what_a_region_lacks_is_one_sentence() -> None:
    (lacking,) = checks._cfn_lint([TEMPLATES["edge"]], "cn-north-1")
    assert lacking.startswith("The region cn-north-1 lacks AWS::CloudFront::Function, AWS::")
    (unknown,) = checks._cfn_lint([TEMPLATES["edge"]], "eu-nowhere-9")
    assert unknown.startswith("AWS has no region eu-nowhere-9")


def test_sam_validate_finds_an_event_without_a_queue(tmp_path: Path) -> None:
    events = {"Requests": {"Type": "SQS", "Properties": {"BatchSize": 1}}}
    path = planted(tmp_path, "recognition", "Function", Events=events)
    assert any("Queue" in line or "Requests" in line for line in checks._sam_validate(path))


def test_checkov_finds_what_is_not_safe(tmp_path: Path) -> None:
    paths = [planted(tmp_path, name, resource, **more) for name, resource, more, _ in UNSAFE]
    reviewed = Exceptions(read().entries, whole=False)
    problems = checks._checkov(paths, reviewed)
    for name, resource, _, check in UNSAFE:
        start, end = f"{name}.yaml: ", f".{resource}: {check} "
        assert any(it.startswith(start) and end in it for it in problems), (name, check)


def test_a_template_that_checkov_cannot_read_is_no_green_one(tmp_path: Path) -> None:
    path = tmp_path / "aws.yaml"
    path.write_text("Resources: [\n")
    assert "couldn't read" in checks._checkov([TEMPLATES["edge"], path], NOTHING)[0]
    assert "couldn't read" in checks._checkov([path], NOTHING)[0]
