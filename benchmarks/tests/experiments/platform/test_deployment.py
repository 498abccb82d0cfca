"""What the platforms have in common when an arm is deployed, and what is refused before."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks.experiments.platform.run import EXPERIMENT
from benchmarks.experiments.runner import deployment
from benchmarks.experiments.runner.arms import Arm
from benchmarks.experiments.runner.cores import Cores
from benchmarks.experiments.runner.trial_experiment import TrialExperiment


def test_no_statement_is_logged_on_either_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[dict[str, Any]] = []
    monkeypatch.setattr(deployment, "deploy", lambda _arch, **options: given.append(options))
    assert isinstance(EXPERIMENT, TrialExperiment)
    for deploy in (EXPERIMENT.deploy, deployment.deploy_arm):
        deploy(Arm("monolith", "monolith"), run_dir=tmp_path, cores=Cores(frozenset({0}), 1))
    assert [it["count_statements"] for it in given] == [False, True]
