"""A run's folder as it would be, made up: two faults and a comment, on both sides."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.experiments.isolation.records import BASE, PACKAGES, SUITES_RUN, Key, Record, write
from benchmarks.experiments.isolation.reports import Outcome, Test
from benchmarks.experiments.isolation.suite_timings import ALONE
from benchmarks.experiments.isolation.suites import BY_NAME, Tier
from benchmarks.experiments.runner.arms import MONOLITH, SERVICES

ACCOUNTS = ("tests.test_accounts::test_one", "tests.test_accounts::test_two")
SUBMISSIONS = ("tests.test_create::test_three",)
WHOLE = (
    *("tests.accounts.test_accounts::test_one", "tests.accounts.test_accounts::test_two"),
    *("tests.submissions.test_create::test_three", "tests.flows.test_pacts::test_four"),
)
ALL_OF_IT = {
    "tests": 4,
    "red": 0,
    "problem": "",
    "seconds": 77.0,
    "cpu_seconds": 60.0,
    "network_cut": True,
}
TESTS = {MONOLITH: WHOLE, "accounts": ACCOUNTS, "submissions": SUBMISSIONS}


def ran_of(names: Sequence[str], red: Sequence[str] = ()) -> tuple[Test, ...]:
    """One second each."""
    return tuple(
        Test(name, Outcome.FAILED if name in red else Outcome.PASSED, 1.0) for name in names
    )


def record(key: Key, ran: tuple[Test, ...], *, problem: str = "", start: float = 2.0) -> Record:
    seconds = start + sum(test.seconds for test in ran)
    selected = tuple(test.name for test in ran[:1])
    return Record(key, problem, seconds, seconds / 2, True, (), ran, selected)


def make(folder: Path) -> Path:
    """Write it; returns the folder."""
    for name, names in TESTS.items():
        for tier in BY_NAME[name].tiers:
            key = Key(BASE, name, "0", tier)
            write(folder, record(key, ran_of(names) if tier is Tier.FAST else ()))
    (folder / "raw" / BASE / PACKAGES).write_text(json.dumps({"monolith": 120, "accounts": 90}))
    (folder / "raw" / BASE / ALONE).write_text(json.dumps({MONOLITH: ALL_OF_IT}))
    _plant(folder, "accounts-null", "accounts", "null", {})
    _plant(
        folder,
        "accounts-wrong",
        "accounts",
        "wrong-value",
        {MONOLITH: (WHOLE[0], WHOLE[2]), "accounts": ACCOUNTS[:1]},
    )
    _plant(
        folder,
        "submissions-broken",
        "submissions",
        "wrong-import",
        {MONOLITH: None, "submissions": None},
    )
    return folder


def _plant(
    folder: Path,
    name: str,
    component: str,
    kind: str,
    red: dict[str, Sequence[str] | None],
) -> None:
    """`red` are the red tests by suite; None where its environment can't be made."""
    for side, suites in ((MONOLITH, (MONOLITH,)), (SERVICES, (component,))):
        for suite in suites:
            key = Key(name, suite, "1", Tier.FAST)
            found = red.get(suite, ())
            ran = () if found is None else ran_of(TESTS[suite], found)
            write(folder, record(key, ran, problem="can't be made" if found is None else ""))
        document: dict[str, Any] = {
            "fault": name,
            "component": component,
            "kind": kind,
            "description": "Something is <different>.",
            "simulates": "A slip; the same line on the other side.",
            "architecture": side,
            "commit": "0" * 40,
            "owners": [component],
            "files": [f"{side}/{component}.py"],
            "suites": [{"suite": it, "identity": "1", "tier": "fast"} for it in suites],
        }
        (folder / "raw" / name / f"{side}-{SUITES_RUN}").write_text(json.dumps(document))
