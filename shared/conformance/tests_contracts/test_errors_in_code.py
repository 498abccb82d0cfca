"""The list of errors matches the classes that raise them, which are parsed, not imported."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.contract import CONTRACTS, Contract

REPOSITORY = CONTRACTS.parents[1]
SERVICES = REPOSITORY / "microservices"
IMAGING = REPOSITORY / "shared" / "imaging" / "src" / "imaging" / "errors.py"
UNITS = ("accounts", "submissions", "recognition")
GATEWAYS = {
    "monolith": [REPOSITORY / "monolith" / "config" / "refusals.py"],
    "microservices": [
        SERVICES / unit / "config" / "refusals.py" for unit in ("accounts", "submissions")
    ],
}
FILES = {
    "monolith": [IMAGING, *(REPOSITORY / "monolith" / app / "errors.py" for app in UNITS)],
    "microservices": [IMAGING, *(SERVICES / unit / unit / "errors.py" for unit in UNITS)],
}
MEMBERS = ("code", "status", "title", "retryable")
LISTED = Contract().errors
# Raised by the frameworks, without a class of ours.
FRAMEWORKS = {"not-found", "method-not-allowed", "not-acceptable", "malformed", "internal"}


@dataclass(frozen=True)
class ErrorClass:
    """An error as a class defines it; None where it doesn't."""

    where: str
    code: str
    status: int | None
    title: str | None
    is_retryable: bool


def attributes(node: ast.ClassDef) -> dict[str, object]:
    """Return the class's attributes, and the keyword arguments of its base's constructor."""
    found: dict[str, object] = {}
    for part in ast.walk(node):
        names: list[tuple[str, ast.expr | None]] = []
        if isinstance(part, ast.Assign):
            names = [(it.id, part.value) for it in part.targets if isinstance(it, ast.Name)]
        elif isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            names = [(part.target.id, part.value)]
        elif isinstance(part, ast.Call):
            names = [(it.arg, it.value) for it in part.keywords if it.arg]
        for name, value in names:
            if name in MEMBERS and isinstance(value, ast.Constant):
                found[name] = value.value
    return found


def error_classes(files: list[Path]) -> Iterator[ErrorClass]:
    """Return every error class with a code, with attributes inherited in the same file."""
    for path in files:
        known: dict[str, dict[str, object]] = {}
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                bases = [known.get(it.id, {}) for it in node.bases if isinstance(it, ast.Name)]
                known[node.name] = {k: v for base in bases for k, v in base.items()} | attributes(
                    node
                )
        for name, found in known.items():
            status, title = found.get("status"), found.get("title")
            if "code" in found:
                yield ErrorClass(
                    f"{path.relative_to(REPOSITORY)}, {name}",
                    str(found["code"]),
                    status if isinstance(status, int) else None,
                    title if isinstance(title, str) else None,
                    bool(found.get("retryable", False)),
                )


def errors_by_kind(architecture: str, kind: str) -> list[ErrorClass]:
    """Return the errors of responses (with a status) or of failed submissions (without)."""
    errors = list(error_classes(FILES[architecture] + GATEWAYS[architecture]))
    return [it for it in errors if (it.status is None) == (kind == "failures")]


@pytest.mark.parametrize("architecture", FILES)
def test_a_response_is_as_listed(architecture: str) -> None:
    errors = errors_by_kind(architecture, "requests")
    assert errors
    for error in errors:
        listed = LISTED["requests"].get(error.code)
        assert listed is not None, f"{error.where}: errors.yaml has no {error.code}"
        assert listed["status"] == error.status, error.where
        assert listed["title"] == error.title, error.where
        assert listed["retryable"] == error.is_retryable, error.where


@pytest.mark.parametrize("architecture", FILES)
def test_a_failure_is_retried_as_listed(architecture: str) -> None:
    """A code of several classes is retryable if one of them is."""
    retried: dict[str, bool] = defaultdict(bool)
    for error in errors_by_kind(architecture, "failures"):
        retried[error.code] |= error.is_retryable
    addressed = {"invalid-image-url"}  # of imaging; both architectures respond with 422
    assert {code: it for code, it in retried.items() if code not in addressed} == {
        code: it["retryable"] for code, it in LISTED["failures"].items()
    }


@pytest.mark.parametrize("architecture", FILES)
def test_every_listed_error_is_raised(architecture: str) -> None:
    raised = {error.code for error in errors_by_kind(architecture, "requests")}
    assert set(LISTED["requests"]) - raised <= FRAMEWORKS
