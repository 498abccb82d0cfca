"""The CPU time of a window in which a process was killed and started again, in committed rows."""

from collections.abc import Sequence

import pytest

from benchmarks.analysis.trials import Level
from benchmarks.analysis.validity import ESCAPE_LIMIT
from benchmarks.experiments.runner.measured_trial import load_trial
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.repository import REPOSITORY

EXAMPLE = REPOSITORY / "benchmarks" / "results" / "example-faults"


def busiest(levels: Sequence[Level]) -> float:
    """The most that other work used of the core."""
    return max(level.foreign_cores for level in levels)


@pytest.mark.parametrize("side", ["monolith", "microservices"])
def test_a_target_uses_no_more_than_its_core_was_busy(side: str) -> None:
    """What the killed process used before the window is no part of what its successor used."""
    folder = ResultsFolder.open(EXAMPLE)
    trials = [load_trial(folder, it) for it in folder.trials() if it.name.endswith(f"-{side}")]
    assert len(trials) >= 5
    # Other work is busy on the core too: in the quietest trial there is next to none.
    levels = min((it.levels for it in trials), key=busiest)
    assert len(levels) == {"monolith": 3, "microservices": 5}[side], "one process type in each"
    for level in levels:
        assert level.escaped_cores < ESCAPE_LIMIT
        assert level.cores_used == pytest.approx(
            level.window.core_busy_seconds / level.seconds, abs=ESCAPE_LIMIT
        )
