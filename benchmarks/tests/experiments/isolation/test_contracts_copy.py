"""The contracts' own suite in a copy that holds what `suites` names, and nothing else."""

import re

from benchmarks.experiments.isolation.suites import BY_NAME
from benchmarks.repository import REPOSITORY

SUITE = REPOSITORY / "shared" / "conformance" / "tests_contracts" / "test_errors_in_code.py"


def test_it_holds_every_source_whose_error_codes_are_read() -> None:
    """The suite's list is text here: it is run in an environment of its own."""
    text = SUITE.read_text(encoding="utf-8")
    listed = set(re.findall(r'"(\w+)\.py"', text))
    assert listed, "no module is read any more"
    held = BY_NAME["contracts"].holds
    folders = ("monolith", "microservices")
    present = {
        str(path.relative_to(REPOSITORY))
        for folder in folders
        for name in listed
        for path in (REPOSITORY / folder).rglob(f"{name}.py")
        if "tests" not in path.parts
    }
    assert len(present) >= 9
    missing = {
        path for path in present if not any(path == it or path.startswith(f"{it}/") for it in held)
    }
    assert missing == set()
