"""The short form of the self-check: what is planted in a real target's trial is found."""

from pathlib import Path

import pytest
from rich.console import Console

from backing.ports import free_port
from benchmarks.experiments.engine.folder import ResultsFolder
from benchmarks.selfcheck.check import run_hurt
from benchmarks.selfcheck.fault_injection import HURTS, Hurt

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("hurt", HURTS, ids=lambda hurt: hurt.name)
def test_what_is_planted_is_said(hurt: Hurt, tmp_path: Path) -> None:
    folder = ResultsFolder.create(tmp_path, profile="hurts")
    outcome = run_hurt(hurt, folder, Console(), edge_port=free_port())
    if hurt.expected:
        assert outcome["found"], outcome["said"]
    else:  # a busy machine may void it for what it is, but never for what wasn't planted
        planted = [other.expected for other in HURTS if other.expected and other.name != "stall"]
        assert not any(words in reason for words in planted for reason in outcome["said"])
