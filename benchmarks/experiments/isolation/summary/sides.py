"""The sides of a run: each fault on each side, as it was run and judged."""

import json
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from importlib.resources.abc import Traversable
from typing import Any

from benchmarks.experiments.isolation.records import (
    BASE,
    SUITES_RUN,
    Key,
    Record,
    check_same_tests,
    read,
)
from benchmarks.experiments.isolation.suites import BY_NAME, END_TO_END, Suite, Tier, end_to_end
from benchmarks.experiments.isolation.tier_runs import TierRun
from benchmarks.experiments.isolation.verdicts import Judged, judge
from benchmarks.experiments.runner.earlier_names import earlier_name, renamed
from benchmarks.raw_files import entries


@dataclass(frozen=True, slots=True)
class Side:
    """A fault on one side. `document` is its raw record: what it is, and of which component.

    `is_selected` is whether tests were selected by what they need in its run.
    """

    document: dict[str, Any]
    runs: tuple[TierRun, ...]
    judged: Judged
    is_selected: bool = True

    @property
    def name(self) -> str:
        """The fault's name."""
        return str(self.document["fault"])

    @property
    def architecture(self) -> str:
        """The architecture."""
        return str(self.document["architecture"])

    @property
    def owners(self) -> tuple[str, ...]:
        """The components that were broken."""
        return tuple(self.document["owners"])

    @property
    def is_null(self) -> bool:
        """Whether it is no fault at all."""
        return bool(self.document["kind"] == "null")


def load(results: Traversable) -> list[Side]:
    """Load all sides that were run to their end. FolderError for records that were mixed up."""
    base = base_records(results)
    endings = (f"-{SUITES_RUN}", f"-{earlier_name(SUITES_RUN, 'isolation file')}")
    sides = [
        _side(results, _document(path), base)
        for fault in entries(results / "raw")
        for path in entries(fault)
        if path.name.endswith(endings)
    ]
    is_selected = any(run.record.selected is not None for side in sides for run in side.runs)
    return [replace(side, is_selected=is_selected) for side in sides]


def _document(path: Traversable) -> dict[str, Any]:
    return renamed(json.loads(path.read_text(encoding="utf-8")), "isolation side")


def base_records(results: Traversable) -> dict[tuple[str, Tier], Record]:
    """Return the record of each suite's tiers where nothing is planted."""
    found = {}
    for path in entries(results / "raw" / BASE):
        if not fnmatch(path.name, "*-*-*.json"):
            continue
        document = json.loads(path.read_text(encoding="utf-8"))
        tier = Tier(document["tier"])
        record = read(results, Key(BASE, document["suite"], document["identity"], tier))
        if record is not None:
            found[document["suite"], tier] = record
    return found


def suite_named(name: str, architecture: str) -> Suite:
    """Return a suite by its name, the end-to-end one too."""
    return end_to_end(architecture) if name == END_TO_END else BY_NAME[name]


def _side(
    results: Traversable, document: dict[str, Any], base: dict[tuple[str, Tier], Record]
) -> Side:
    runs = []
    for run in document["suites"]:
        tier, name = Tier(run["tier"]), run["suite"]
        record = read(results, Key(document["fault"], name, run["identity"], tier))
        if record is None:
            continue
        known = base.get((name, tier))
        tests = known.tests if known is not None else ()
        if tests:
            check_same_tests(record, tests)
        runs.append(TierRun(suite_named(name, document["architecture"]), tier, record, tests))
    return Side(document, tuple(runs), judge(document["owners"], runs))
