"""Suites and sides of faults as they stand in `results.json`."""

import json
from dataclasses import asdict
from importlib.resources.abc import Traversable
from typing import Any

from benchmarks.experiments.isolation.records import BASE, PACKAGES
from benchmarks.experiments.isolation.suite_timings import alone_seconds
from benchmarks.experiments.isolation.suites import SUITES, Suite, Tier
from benchmarks.experiments.isolation.summary.sides import Side, base_records
from benchmarks.experiments.isolation.verdicts import TierRun
from benchmarks.experiments.runner.arms import MONOLITH

LIMIT_SECONDS = {MONOLITH: 120.0}  # that a whole suite may take, alone
SERVICE_LIMIT_SECONDS = 60.0


def describe_suites(results: Traversable) -> list[dict[str, Any]]:
    """Each suite where nothing is planted: what it needs, what it has, what it takes."""
    records = base_records(results)
    path = results / "raw" / BASE / PACKAGES
    packages = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    alone = alone_seconds(results)
    return [
        {**_suite(suite, records, packages.get(suite.name)), "alone": alone.get(suite.name)}
        for suite in SUITES
    ]


def _suite(suite: Suite, records: Any, packages: int | None) -> dict[str, Any]:
    tiers = {}
    for tier in suite.tiers:
        record = records.get((suite.name, tier))
        if record is not None:
            tiers[str(tier)] = {
                "tests": len(record.tests),
                "red": sum(test.is_red for test in record.tests),
                "problem": record.problem,
                "seconds": record.seconds,
                "cpu_seconds": record.cpu_seconds,
                "network_cut": record.network_cut,
            }
    return {
        "name": suite.name,
        "folder": suite.folder,
        "architectures": list(suite.architectures),
        "backing": list(suite.backing),
        "packages": packages,
        "limit_seconds": LIMIT_SECONDS.get(suite.name, SERVICE_LIMIT_SECONDS),
        "tiers": tiers,
    }


def describe_side(side: Side) -> dict[str, Any]:
    """One fault on one side."""
    judged = side.judged
    return {
        "owners": list(side.document["owners"]),
        "files": list(side.document["files"]),
        "caught": str(judged.caught),
        "red": asdict(judged.red),
        "unable": asdict(judged.unable),
        "blast": judged.blast,
        "wait": asdict(judged.wait),
        "selected": asdict(judged.selected),
        "selection_misses": judged.selection_misses,
        "backing": sorted({name for it in side.asked for name in it.suite.backing}),
        "cells": _cells(side.asked),
        "asked": [_asked(it) for it in side.asked],
    }


def _asked(it: TierRun) -> dict[str, Any]:
    record = it.record
    return {
        "suite": it.suite.name,
        "tier": str(it.tier),
        "tests": len(record.tests),
        "red": len(it.red),
        "unable": len(it.unable),
        "problem": record.problem,
        "seconds": record.seconds,
        "cpu_seconds": record.cpu_seconds,
        "first_red": next((test.name for test in it.red), ""),
    }


def _cells(asked: tuple[TierRun, ...]) -> dict[str, dict[str, int]]:
    """Tests by their owner: how many were run, how many of them are red, or unable."""
    cells: dict[str, dict[str, int]] = {}
    for it in asked:
        names = {test.name for test in (*it.record.tests, *it.unable) if test.name[-2:] != "::"}
        groups = (("tests", names), ("red", [test.name for test in it.red]))
        for what, found in (*groups, ("unable", [test.name for test in it.unable])):
            for name in found:
                cell = cells.setdefault(
                    it.suite.owner_of(name), dict.fromkeys(("tests", "red", "unable"), 0)
                )
                cell[what] += 1
        if it.is_red and it.tier is Tier.END_TO_END and not names:
            cells.setdefault(it.suite.name, {"tests": 0, "red": 0, "unable": 1})
    return cells
