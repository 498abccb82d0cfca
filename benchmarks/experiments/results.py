"""Makes `results.json` and `report.html` from what a run left in its folder."""

from pathlib import Path
from typing import Any

from benchmarks.experiments.engine.arms import Sweep
from benchmarks.experiments.engine.folder import ResultsFolder
from benchmarks.experiments.engine.reading import load_trials
from benchmarks.experiments.registry import EXPERIMENTS
from benchmarks.report import page, schema

RUN_FIELDS = (
    *("id", "profile", "seed", "order", "image", "core_shared", "bound_per_second"),
    *("started_at", "resumed_at", "finished_at", "status"),
)


def derive(folder: ResultsFolder) -> dict[str, Any]:
    """Build the results document from the raw files, check it, write it."""
    run = folder.read_json("run.json")
    experiment = EXPERIMENTS[run["experiment"]]
    sweeps = [Sweep.from_json(document) for document in run["sweeps"]]
    has_proofs = (folder.path / "conformance.json").exists()
    results = {
        "schema_version": schema.SCHEMA_VERSION,
        "run": {field: run[field] for field in RUN_FIELDS},
        "environment": folder.read_json("environment.json"),
        "conformance": folder.read_json("conformance.json") if has_proofs else {},
        "experiments": {experiment.name: experiment.summarize(sweeps, load_trials(folder))},
    }
    schema.check(results)
    folder.write_json("results.json", results)
    return results


def draw(folder: ResultsFolder, results: dict[str, Any]) -> Path:
    """Draw the report; returns its path."""
    path = folder.path / "report.html"
    path.write_text(page.render(results), encoding="utf-8")
    return path
