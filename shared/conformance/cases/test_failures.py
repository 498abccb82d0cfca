"""Failures that the worker detects: forbidden redirects, faulty servers, broken files."""

import re
from typing import Any

import pytest
from support.client import problem
from support.gallery import Gallery
from support.images import BAD
from support.plan import FAILING_PATHS, FORBIDDEN_TARGETS, UPLOADS_THAT_FAIL_LATER

INTERNAL = re.compile(
    r"Traceback|urllib3|HTTPConnection|requests|Errno|socket|/usr/|/srv/|/home/|s3|bucket|"
    r"\d+\.\d+\.\d+\.\d+|localhost|metadata",
    re.IGNORECASE,
)


def failed_with(submission: Any, code: str) -> None:
    assert (submission["state"], (submission["error"] or {}).get("code")) == ("failed", code)
    assert not INTERNAL.search(submission["error"]["detail"]), submission["error"]


@pytest.mark.parametrize("name", FAILING_PATHS)
def test_a_bad_response_fails_with_its_code(failures: Gallery, name: str) -> None:
    failed_with(failures.final(name), FAILING_PATHS[name][1])


@pytest.mark.parametrize("name", FORBIDDEN_TARGETS)
def test_a_redirect_to_where_it_may_not(failures: Gallery, name: str) -> None:
    failed_with(failures.final(f"redirect-{name}"), "image-forbidden-address")


@pytest.mark.parametrize("name", UPLOADS_THAT_FAIL_LATER)
def test_an_upload_with_broken_pixels(failures: Gallery, name: str) -> None:
    failed_with(failures.final(name), BAD[name]["code"])


def test_a_name_that_does_not_resolve(failures: Gallery) -> None:
    failed_with(failures.final("unresolvable"), "image-unreachable")


@pytest.mark.parametrize("name", ["not-found", "page", "redirect-loopback", "unresolvable"])
def test_a_failed_submission_has_no_result(failures: Gallery, name: str) -> None:
    response = failures.read(name, "result")
    problem(response, 409, "recognition-failed")
    assert "Retry-After" not in response.headers


@pytest.mark.parametrize("name", ["not-found", "page", *UPLOADS_THAT_FAIL_LATER])
def test_a_failed_submission_has_no_image(failures: Gallery, name: str) -> None:
    problem(failures.read(name, "image"), 409, "image-not-ready")


def test_a_failed_submission_has_its_times(failures: Gallery) -> None:
    submission = failures.final("page")
    assert submission["completed_at"] >= submission["started_at"] >= submission["created_at"]
