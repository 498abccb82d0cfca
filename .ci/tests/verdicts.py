"""The two architectures' conformance verdicts are the same, case for case.

Run by `make test` after the conformance suite ran on both; the verdicts are where it put them.
"""

import os
import subprocess
import sys
from pathlib import Path

from repository import REPOSITORY

COMPARISON = REPOSITORY / "shared" / "conformance" / "compare_verdicts.py"
LEAST_CASES = 120


def test_both_architectures_come_to_the_same_verdicts() -> None:
    folder = Path(os.environ["VERDICTS"])
    files = [str(folder / f"{name}.json") for name in ("monolith", "microservices")]
    done = subprocess.run(
        [sys.executable, str(COMPARISON), *files], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.splitlines()[-1].split()[0]) >= LEAST_CASES
