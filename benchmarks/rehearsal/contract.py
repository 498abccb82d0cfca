"""The conformance suite, as a step of a rehearsal."""

from pathlib import Path

from benchmarks.experiments.runner.conformance import Suite
from benchmarks.rehearsal.outcome import Outcome
from benchmarks.rehearsal.protocols import EngineTarget

IMAGE_SERVER = "http://image-server:8079"  # as the workers reach it


def keep(target: EngineTarget, *, folder: Path) -> Outcome:
    """Run the suite against a target, and write its log and its report into a folder.

    ConformanceError if it doesn't come to an end.
    """
    folder.mkdir(parents=True, exist_ok=True)
    log, report = folder / "conformance.log", folder / "conformance.xml"
    with Suite(target.base_url, log=log, report=report, image_server=IMAGE_SERVER) as suite:
        proof = suite.proof()
    figures = {
        "cases": proof.cases,
        "failed": proof.failed,
        "skipped": proof.skipped,
        "seconds": proof.seconds,
    }
    problems = tuple(f"{case} failed, see {log}" for case in proof.failures)
    if not (proof.passed or problems):
        problems = (f"no case ran, see {log}",)
    return Outcome("contract", "", figures, problems)
