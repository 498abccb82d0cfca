"""The conformance suite, run against a target in an environment of its own."""

import os
import signal
import subprocess
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from benchmarks.experiments.runner.errors import ConformanceError
from benchmarks.repository import REPOSITORY

SUITE = REPOSITORY / "shared" / "conformance"
TIME_LIMIT_SECONDS = 600.0
EVERYTHING = "all"


@dataclass(frozen=True, slots=True)
class Proof:
    """The suite's outcome for one arm."""

    passed: bool
    cases: int
    failed: int
    skipped: int
    seconds: float
    failures: tuple[str, ...]
    selection: str = EVERYTHING


class Suite:
    """The suite, run against a target; leaving the `with` block ends it, however far it was.

    `selection` is "all" or an expression that chooses cases. `image_server` is one that runs
    already, since several suites at once share it.
    """

    def __init__(
        self,
        base_url: str,
        *,
        log: Path,
        report: Path,
        image_server: str,
        selection: str = EVERYTHING,
    ) -> None:
        python = environments_folder() / "conformance" / "bin" / "python"
        if not python.exists():
            raise ConformanceError(
                f"The conformance suite has no environment at {python.parent.parent}: run "
                "`make .venvs/conformance` first."
            )
        command = [str(python), "-m", "pytest", f"--base-url={base_url}", f"--junitxml={report}"]
        command += ["-p", "no:cacheprovider", "-q"]
        command += [] if selection == EVERYTHING else ["-k", selection]
        command += [f"--image-server={image_server}"]
        self._log, self._report, self._selection = log, report, selection
        self._began = time.monotonic()
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command, cwd=SUITE, stdout=output, stderr=output, start_new_session=True
            )

    def proof(self) -> Proof:
        """Wait for its end. Raises ConformanceError if it has none: no proof is not a proof."""
        try:
            status = self._process.wait(timeout=TIME_LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            message = (
                f"The conformance suite took over {TIME_LIMIT_SECONDS:.0f} s; see {self._log}."
            )
            raise ConformanceError(message) from None
        if status not in {0, 1} or not self._report.exists():
            raise ConformanceError(
                f"The conformance suite ended with status {status}; see {self._log}."
            )
        text = self._report.read_text(encoding="utf-8")
        proof = read_report(text, seconds=time.monotonic() - self._began)
        return replace(proof, selection=self._selection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=5)


def read_report(junit: str, *, seconds: float) -> Proof:
    """Read the suite's own report; no case at all is no proof."""
    cases = list(ET.fromstring(junit).iter("testcase"))  # noqa: S314 - written by our own suite
    failures = [case for case in cases if case.find("failure") is not None or _broken(case)]
    skipped = [case for case in cases if case.find("skipped") is not None]
    return Proof(
        passed=len(cases) > len(skipped) and not failures,
        cases=len(cases),
        failed=len(failures),
        skipped=len(skipped),
        seconds=round(seconds, 1),
        failures=tuple(f"{it.get('classname', '')}::{it.get('name', '')}" for it in failures),
    )


def _broken(case: ET.Element) -> bool:
    return case.find("error") is not None


def environments_folder() -> Path:
    """Return the folder of the virtual environments."""
    return Path(os.environ.get("VENVS") or REPOSITORY / ".venvs")
