"""Seconds of each whole suite by itself, with nothing planted.

Where suites run beside each other, their seconds depend on how busy the machine was. Here one runs
at a time, as its team runs it: on all cores (`pytest -n 2 --dist loadfile`) where its environment
has pytest-xdist, and in one process where it hasn't.
"""

import json
import os
from importlib.resources.abc import Traversable
from typing import Any

from benchmarks.experiments.isolation.records import BASE
from benchmarks.experiments.isolation.reports import read_report
from benchmarks.experiments.isolation.suite_environment import suite_settings
from benchmarks.experiments.isolation.suite_runner import SuiteRunner
from benchmarks.experiments.isolation.suites import Suite
from benchmarks.targets.local.settings import environments_folder

ALONE = "alone.json"  # by suite
LIMIT_SECONDS = 600.0
CORES = len(os.sched_getaffinity(0))


def alone_seconds(results: Traversable) -> dict[str, dict[str, Any]]:
    """Return the timings by the suite's name; without an entry where that wasn't run."""
    path = results / "raw" / BASE / ALONE
    found: dict[str, dict[str, Any]] = {}
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else found


def time_alone(suite: Suite, suite_runner: SuiteRunner) -> tuple[str, str]:
    """Run all of a suite, unless that is known; return a line for the terminal, and the problem."""
    known = alone_seconds(suite_runner.results)
    found = known.get(suite.name) or _run(suite, suite_runner)
    outcome = found["problem"] or f"{found['tests']} tests, {found['red']} red"
    line = f"{suite.name} alone: {outcome} in {found['seconds']:.0f} s"
    if found["problem"]:  # which a resumed run runs again
        return line, line
    known[suite.name] = found
    path = suite_runner.results / "raw" / BASE / ALONE
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)
    return line, line if found["red"] else ""


def _run(suite: Suite, suite_runner: SuiteRunner) -> dict[str, Any]:
    place = suite_runner.copies.base_copy(suite)
    environment = environments_folder() / suite.environment
    python = environment / "bin" / "python"
    report = suite_runner.work / f"a-{suite.name}.xml"
    mark = f"alone/{suite.name}"
    options = ["-q", "-p", "no:cacheprovider", "--junitxml", str(report), "--junit-prefix", mark]
    if list(environment.glob("lib/python*/site-packages/xdist")):
        options += ["-n", str(CORES), "--dist", "loadfile"]
    ended = suite_runner.runner.run(
        [str(python), "-m", "pytest", *options, *suite.tests],
        folder=place / suite.folder,
        scratch=suite_runner.work / f"a-{suite.name}",
        environment=suite_settings(suite, suite_runner.base, place, python, suite_runner.revisions),
        limit_seconds=LIMIT_SECONDS,
    )
    tests = None if ended.status is None else read_report(report, mark)
    problem = "" if tests is not None else f"no report, {'; '.join(ended.output[-2:])}"
    return {
        "tests": len(tests or ()),
        "red": sum(test.is_red for test in tests or ()),
        "problem": problem,
        "seconds": ended.seconds,
        "cpu_seconds": ended.cpu_seconds,
        "network_cut": ended.network_cut,
    }
