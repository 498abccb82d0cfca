"""Make `results.json` and `report.html` from the raw files in a run's folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.experiments.registry import experiment_named
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.report import rendering, schema

RUN_FIELDS = (
    *("id", "profile", "seed", "order", "image", "core_shared", "bound_per_second"),
    *("started_at", "resumed_at", "finished_at", "status"),
)


def derive(folder: ResultsFolder) -> dict[str, Any]:
    """Build the results document from the raw files, check it, write it."""
    results = results_of(folder)
    write(folder, results)
    return results


def results_of(folder: ResultsFolder) -> dict[str, Any]:
    """Build the results document from the raw files, and check it."""
    run = folder.read_json("run.json")
    name = run["experiment"]
    has_conformance = (folder.files / "conformance.json").is_file()
    results = {
        "schema_version": schema.SCHEMA_VERSION,
        "run": {field: run[field] for field in RUN_FIELDS},
        "environment": folder.read_json("environment.json"),
        "conformance": folder.read_json("conformance.json") if has_conformance else {},
        "experiments": {name: experiment_named(name).summarize(folder)},
    }
    schema.check(results)
    return results


def write(folder: ResultsFolder, results: Mapping[str, Any]) -> None:
    """Write `results.json`."""
    folder.write_json("results.json", results)


def draw(folder: ResultsFolder, results: Mapping[str, Any]) -> Path:
    """Render the report; return its path."""
    path = folder.path / "report.html"
    path.write_text(rendering.render(results, packed=folder.is_packed), encoding="utf-8")
    return path
