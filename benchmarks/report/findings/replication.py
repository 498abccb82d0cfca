"""The page on replication: two quick runs of one commit, set side by side."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.report import claim_texts
from benchmarks.report.findings.errors import require
from benchmarks.report.findings.markdown import cell
from benchmarks.report.replication.pairs import Replication, replication_of
from benchmarks.results_model import reading
from benchmarks.results_model.claims import JudgedClaim
from benchmarks.results_model.document import ResultsDocument

NAME = "findings-replication"
RUNS = ("example-quick-1", "example-quick-2")
ORDER = ("scaling", "deploy", "isolation")  # the questions, as in the runs' own pages


def context(results: Path) -> dict[str, Any]:
    """Return what the template needs of the two committed runs."""
    first, second = (_documents(results / name) for name in RUNS)
    found = replication_of(RUNS, first, second)
    require("runs of one commit", shown=found.is_of_one_commit, assumed=True)
    require("a verdict that flips", shown=found.is_flipped, assumed=False)
    document = first[ORDER[0]]
    return {
        "found": found,
        "rows": _rows(found),
        "titles": {name: document.results.title for name, document in first.items()},
        "moments": [run[ORDER[0]].run.started_at for run in (first, second)],
        "environment": document.environment,
        "runs": RUNS,
    }


def _documents(folder: Path) -> Mapping[str, ResultsDocument]:
    return {name: reading.read(folder / name / "results.json") for name in ORDER}


def _rows(found: Replication) -> list[dict[str, str]]:
    """Return a row for each claim that has a verdict: one that restates another has none."""
    return [
        {
            "experiment": claim.experiment,
            "statement": cell(claim.known.statement),
            "first": _outcome(claim.first),
            "second": _outcome(claim.second),
            "agreement": str(claim.agreement),
        }
        for claim in found.claims
        if not claim.known.restates
    ]


def _outcome(claim: JudgedClaim | None) -> str:
    if claim is None:
        return "not in this run"
    value = claim_texts.compared(claim.value, claim)
    interval = claim_texts.interval(claim, claim)
    return f"{value} ({interval}), {claim_texts.verdict(claim)}"
