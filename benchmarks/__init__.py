"""Measures the two architectures: load, experiments, statistics, report."""

import sys
from pathlib import Path

# The parts' supervisor is a folder of the repository and not an installed package.
_BACKING = str(Path(__file__).parents[1] / "shared" / "backing")
if _BACKING not in sys.path:
    sys.path.append(_BACKING)
