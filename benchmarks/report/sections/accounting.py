"""The table of the backing services' counters for one completed submission, by arm."""

from collections.abc import Callable
from typing import Any

from benchmarks.report import formats
from benchmarks.results_model.experiments import TrialResults


def _one(value: float | None) -> str:
    return formats.number(value, 1)


COLUMNS: tuple[tuple[str, str, Callable[[float | None], str]], ...] = (
    ("messages_published", "messages", lambda value: formats.number(value, 2)),
    ("database_statements", "statements", _one),
    ("database_transactions", "transactions", _one),
    ("database_rows_read", "rows read", _one),
    ("database_rows_written", "rows written", _one),
    ("broker_bytes", "broker, KiB", formats.kib),
    ("loopback_bytes", "loopback, KiB", formats.kib),
    ("generator_cpu_ms", "generator, CPU-ms", lambda value: formats.number(value, 2)),
)


def accounting(experiment: TrialResults) -> dict[str, Any]:
    """Return heads and rows, without the columns that no arm has a figure for."""
    arms = [(sweep, arm) for sweep in experiment.sweeps for arm in sweep.arms]
    columns = [
        column
        for column in COLUMNS
        if any(arm.per_submission.get(column[0]) is not None for _, arm in arms)
    ]
    return {
        "heads": [head for _, head, _ in columns],
        "rows": [
            {
                "sweep": sweep.name,
                "arm": arm.name,
                "cells": [form(arm.per_submission.get(name)) for name, _, form in columns],
            }
            for sweep, arm in arms
            if arm.counted_trials
        ],
    }
