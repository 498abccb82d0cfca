"""JUnit reports become tests with an outcome, and a report of something else is refused."""

from pathlib import Path

import pytest

from benchmarks.experiments.isolation.reports import (
    MixedUpError,
    Outcome,
    named,
    read_report,
)

REPORT = """<testsuites><testsuite>
<testcase classname="a/b/c.tests.test_it" name="test_one[x.y]" time="0.5"/>
<testcase classname="a/b/c.tests.test_it.TestAll" name="test_two" time="1"><failure/></testcase>
<testcase classname="a/b/c.tests.test_it.TestAll" name="test_two" time="0.25"><error/></testcase>
<testcase classname="a/b/c.tests.test_it" name="test_three"><skipped/></testcase>
<testcase classname="a/b/c" name="tests.test_broken" time="0"><error/></testcase>
</testsuite></testsuites>"""


def test_each_test_is_listed_once(tmp_path: Path) -> None:
    path = tmp_path / "report.xml"
    path.write_text(REPORT)
    tests = read_report(path, "a/b/c")
    assert tests is not None
    assert [(it.name, it.outcome, it.seconds) for it in tests] == [
        ("tests.test_it::test_one[x.y]", Outcome.PASSED, 0.5),
        ("tests.test_it.TestAll::test_two", Outcome.FAILED, 1.25),
        ("tests.test_it::test_three", Outcome.SKIPPED, 0.0),
        ("tests.test_broken::", Outcome.ERROR, 0.0),
    ]


def test_a_report_that_was_swapped_is_found(tmp_path: Path) -> None:
    path = tmp_path / "report.xml"
    path.write_text(REPORT)
    for mark in ("a/b/d", "a/b"):
        with pytest.raises(MixedUpError, match="mixed up"):
            read_report(path, mark)


@pytest.mark.parametrize("text", [None, "", "<testsuites>"])
def test_no_report_is_none(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "report.xml"
    if text is not None:
        path.write_text(text)
    assert read_report(path, "a") is None


def test_a_node_is_named_as_in_the_report() -> None:
    assert named("tests/a/test_b.py::C::test_d[x::y/z.py]") == "tests.a.test_b.C::test_d[x::y/z.py]"
    assert named("tests/test_b.py::test_d") == "tests.test_b::test_d"
