"""Make `results.json` and `report.html` from the raw files in a run's folder."""

from pathlib import Path

import msgspec

from benchmarks.experiments.registry import experiment_named
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.report import rendering
from benchmarks.results_model import reading
from benchmarks.results_model.document import (
    SCHEMA_VERSION,
    Conformance,
    ResultsDocument,
    Run,
)
from benchmarks.results_model.experiments import ExperimentResults


def derive(folder: ResultsFolder) -> ResultsDocument:
    """Build the results document from the raw files, check it, write it."""
    document = results_of(folder)
    write(folder, document)
    return document


def results_of(folder: ResultsFolder) -> ResultsDocument:
    """Build the results document from the raw files.

    Raises UnreadableResults, with the field, where a raw file has what the document can't.
    """
    run = folder.read_json("run.json")
    name = run["experiment"]
    try:
        document = _document(folder, run, experiment_named(name).summarize(folder))
    except msgspec.ValidationError as error:
        raise reading.UnreadableResults(f"The raw files of {folder.path}: {error}.") from error
    return reading.check(document)


def _document(
    folder: ResultsFolder, run: dict[str, object], results: ExperimentResults
) -> ResultsDocument:
    has_conformance = (folder.files / "conformance.json").is_file()
    conformance = folder.read_json("conformance.json") if has_conformance else {}
    return ResultsDocument(
        schema_version=SCHEMA_VERSION,
        run=msgspec.convert({name: run[name] for name in Run.__struct_fields__}, Run),
        environment=folder.read_json("environment.json"),
        conformance=msgspec.convert(conformance, dict[str, Conformance]),
        experiments={str(run["experiment"]): results},
    )


def write(folder: ResultsFolder, document: ResultsDocument) -> None:
    """Write `results.json`."""
    folder.write_json("results.json", reading.to_plain(document))


def draw(folder: ResultsFolder, document: ResultsDocument) -> Path:
    """Render the report; return its path."""
    path = folder.path / "report.html"
    path.write_text(rendering.render(document, packed=folder.is_packed), encoding="utf-8")
    return path
