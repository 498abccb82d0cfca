"""How many failed starts in a row end a run."""

import pytest

from benchmarks.experiments.runner.errors import DeploymentError
from benchmarks.experiments.runner.failed_starts import MOST, FailedStarts


def test_a_start_between_failed_ones_and_the_other_side_s_don_t_count() -> None:
    failed = {"architecture": "monolith", "problem": "It ended."}
    started = {"architecture": "monolith", "problem": None, "deploy_seconds": 8.0}
    other = {"architecture": "microservices", "problem": "It ended."}
    starts = FailedStarts()
    for document in [failed] * (MOST - 1) + [started] + [failed, other] * (MOST - 1):
        starts.add(document)
    with pytest.raises(DeploymentError, match=f"^monolith couldn't .* {MOST} .* It ended"):
        starts.add(failed)
