"""The reviewed list: a finding without an entry is a problem, and so is an entry without one."""

from pathlib import Path

import pytest
from aws.exceptions import Exceptions, ExceptionsError, Finding, Reviewed, read

REASON = "what the test needs it to be, at some length"
BUCKET = Finding("CKV_1", "monolith/deploy/aws.yaml", "AWS::S3::Bucket.PageBucket", "logs")


def test_a_finding_without_an_exception_is_a_problem() -> None:
    (problem,) = Exceptions(()).problems([BUCKET])
    assert "PageBucket" in problem
    assert "CKV_1" in problem


@pytest.mark.parametrize("pattern", ["AWS::S3::Bucket.*", "AWS::S3::Bucket.PageBucket"])
def test_an_exception_covers_the_resources_of_its_pattern(pattern: str) -> None:
    assert Exceptions((Reviewed("CKV_1", pattern, REASON),)).problems([BUCKET]) == []


@pytest.mark.parametrize(
    "entry",
    [
        Reviewed("CKV_2", "AWS::S3::Bucket.*", REASON),
        Reviewed("CKV_1", "AWS::S3::Bucket.ImageBucket", REASON),
    ],
)
def test_another_exception_covers_nothing_and_is_stale(entry: Reviewed) -> None:
    finding, stale = Exceptions((entry,)).problems([BUCKET])
    assert "PageBucket" in finding
    assert "no longer needed" in stale
    assert len(Exceptions((entry,), whole=False).problems([BUCKET])) == 1


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ('check = "A"\nresource = "*"\nreason = "short"', "no reason"),
        ('check = "A"\nresource = "*"', "reason"),
        (f'check = "A"\nresource = "*"\nreason = "{REASON}"\nmore = 1', "more"),
    ],
)
def test_an_entry_without_a_reason_is_refused(tmp_path: Path, rows: str, expected: str) -> None:
    file = tmp_path / "list.toml"
    file.write_text(f"[[exceptions]]\n{rows}\n")
    with pytest.raises(ExceptionsError, match=expected):
        read(file)


def test_an_entry_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "list.toml"
    row = f'[[exceptions]]\ncheck = "A"\nresource = "*"\nreason = "{REASON}"\n'
    file.write_text(row * 2)
    with pytest.raises(ExceptionsError, match="twice"):
        read(file)


def test_the_committed_list_can_be_read() -> None:
    assert read().whole
