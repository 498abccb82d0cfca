"""The JUnit report of a suite: each test with its outcome and its seconds."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from benchmarks.experiments.runner.errors import HarnessError


class Outcome(StrEnum):
    """How a test ended."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"  # what it stands on failed, or its module can't be imported
    SKIPPED = "skipped"


RED = (Outcome.FAILED, Outcome.ERROR)


class MixedUpError(HarnessError):
    """A report that isn't of the suite and fault that it was read for."""


@dataclass(frozen=True, slots=True)
class Test:
    """One test of a report. `name` is `package.module.Class::test[parameters]`.

    A module that can't be collected stands as a test of its own, `package.module::`.
    """

    __test__: ClassVar[bool] = False  # nothing for pytest to collect
    name: str
    outcome: Outcome
    seconds: float

    @property
    def is_red(self) -> bool:
        """Whether it failed or couldn't run."""
        return self.outcome in RED


def read_report(path: Path, mark: str) -> list[Test] | None:
    """Read a report whose tests all carry a mark (`--junit-prefix`); None where there is none.

    Raises MixedUpError for a report that was made under another mark.
    """
    try:
        cases = list(ET.parse(path).getroot().iter("testcase"))  # noqa: S314 - our own file
    except (OSError, ET.ParseError):
        return None
    found: dict[str, Test] = {}
    for test in (_test(case, mark) for case in cases):
        # A test that fails, and whose teardown fails as well, is reported twice.
        before = found.get(test.name, test)
        worst = before if before.is_red else test
        seconds = test.seconds if before is test else before.seconds + test.seconds
        found[test.name] = Test(test.name, worst.outcome, round(seconds, 3))
    return list(found.values())


def _test(case: ET.Element, mark: str) -> Test:
    classname, name = case.get("classname", ""), case.get("name", "")
    if classname != mark and not classname.startswith(f"{mark}."):
        message = f"A test of {mark} is marked {classname!r}: the reports were mixed up."
        raise MixedUpError(message)
    module = classname.removeprefix(mark).removeprefix(".")
    full = f"{module}::{name}" if module else f"{name}::"
    return Test(full, _outcome(case), round(float(case.get("time", "0")), 3))


def _outcome(case: ET.Element) -> Outcome:
    found = {child.tag for child in case}
    if "error" in found:
        return Outcome.ERROR
    if "failure" in found:
        return Outcome.FAILED
    return Outcome.SKIPPED if "skipped" in found else Outcome.PASSED


def named(node: str) -> str:
    """Return the name in a report of a test's node id, as `tests/a/test_b.py::C::test_d[x]`."""
    path, *names = node.partition("[")[0].split("::")
    module = path.removesuffix(".py").replace("/", ".")
    parameters = node[node.index("[") :] if "[" in node else ""
    return f"{'.'.join([module, *names[:-1]])}::{''.join(names[-1:])}{parameters}"
