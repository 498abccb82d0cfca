"""Makes `results.json` and `report.html` from what a run left in its folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.experiments.engine.arms import Sweep
from benchmarks.experiments.engine.folder import ResultsFolder
from benchmarks.experiments.engine.reading import load_trials
from benchmarks.experiments.registry import EXPERIMENTS, OWN_WAY
from benchmarks.report import drawing, schema

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
    has_proofs = (folder.files / "conformance.json").is_file()
    results = {
        "schema_version": schema.SCHEMA_VERSION,
        "run": {field: run[field] for field in RUN_FIELDS},
        "environment": folder.read_json("environment.json"),
        "conformance": folder.read_json("conformance.json") if has_proofs else {},
        "experiments": {name: _summarize(name, run, folder)},
    }
    schema.check(results)
    return results


def write(folder: ResultsFolder, results: Mapping[str, Any]) -> None:
    """Write `results.json`."""
    folder.write_json("results.json", results)


def _summarize(name: str, run: dict[str, Any], folder: ResultsFolder) -> dict[str, Any]:
    if name in OWN_WAY:
        return OWN_WAY[name].summarize(folder.files)
    sweeps = [Sweep.from_json(document) for document in run["sweeps"]]
    return EXPERIMENTS[name].summarize(sweeps, load_trials(folder))


def draw(folder: ResultsFolder, results: Mapping[str, Any]) -> Path:
    """Draw the report; returns its path."""
    path = folder.path / "report.html"
    path.write_text(drawing.render(results, packed=folder.is_packed), encoding="utf-8")
    return path
