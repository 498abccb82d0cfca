"""The short form of the self-check: what is planted in a real target's trial is found."""

from pathlib import Path

import pytest
from rich.console import Console

from backing.ports import free_port
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.selfcheck.check import run_fault
from benchmarks.selfcheck.fault_injection import FAULTS, InjectedFault

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_an_injected_fault_is_reported(fault: InjectedFault, tmp_path: Path) -> None:
    folder = ResultsFolder.create(tmp_path, profile="selfcheck")
    outcome = run_fault(fault, folder, Console(), edge_port=free_port())
    if fault.expected:
        assert outcome["found"], outcome["reasons"]
    else:  # a busy machine may void it for what it is, but never for what wasn't planted
        planted = [other.expected for other in FAULTS if other.expected and other.name != "stall"]
        assert not any(words in reason for words in planted for reason in outcome["reasons"])
