"""Proves that a target keeps the contract, with the suite in its own environment."""

import os
import signal
import subprocess
import time
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.experiments.engine.errors import ConformanceError

REPOSITORY = Path(__file__).resolve().parents[3]
SUITE = REPOSITORY / "shared" / "conformance"
TIME_LIMIT_SECONDS = 600.0
EVERYTHING = "all"


@dataclass(frozen=True, slots=True)
class Proof:
    """What the suite said about one arm."""

    passed: bool
    cases: int
    failed: int
    skipped: int
    seconds: float
    failures: tuple[str, ...]
    selection: str = EVERYTHING


def prove(base_url: str, *, log: Path, report: Path, selection: str = EVERYTHING) -> Proof:
    """Run the suite against a target. `selection` is "all" or an expression that chooses cases.

    Raises ConformanceError if it doesn't run to its end: no proof is not a proof.
    """
    python = _environments() / "conformance" / "bin" / "python"
    if not python.exists():
        raise ConformanceError(
            f"The conformance suite has no environment at {python.parent.parent}."
        )
    command = [str(python), "-m", "pytest", f"--base-url={base_url}", f"--junitxml={report}"]
    command += ["-p", "no:cacheprovider", "-q"]
    command += [] if selection == EVERYTHING else ["-k", selection]
    began = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=SUITE, stdout=output, stderr=output, start_new_session=True
        )
        try:
            status = process.wait(timeout=TIME_LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            message = f"The conformance suite took over {TIME_LIMIT_SECONDS:.0f} s; see {log}."
            raise ConformanceError(message) from None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(timeout=5)
    if status not in {0, 1} or not report.exists():
        raise ConformanceError(f"The conformance suite ended with status {status}; see {log}.")
    proof = read_report(report.read_text(encoding="utf-8"), seconds=time.monotonic() - began)
    return replace(proof, selection=selection)


def read_report(junit: str, *, seconds: float) -> Proof:
    """Read the suite's own report; no case at all is no proof."""
    cases = list(ET.fromstring(junit).iter("testcase"))  # noqa: S314 - written by our own suite
    failures = [case for case in cases if case.find("failure") is not None or _broken(case)]
    skipped = [case for case in cases if case.find("skipped") is not None]
    return Proof(
        passed=bool(cases) and not failures,
        cases=len(cases),
        failed=len(failures),
        skipped=len(skipped),
        seconds=round(seconds, 1),
        failures=tuple(f"{it.get('classname', '')}::{it.get('name', '')}" for it in failures),
    )


def _broken(case: ET.Element) -> bool:
    return case.find("error") is not None


def _environments() -> Path:
    return Path(_variables().get("VENVS") or REPOSITORY / ".venvs")


def _variables() -> Mapping[str, str]:
    return os.environ
