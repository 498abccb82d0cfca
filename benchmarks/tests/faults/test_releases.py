"""Each unit is released from a commit, and released back, while people use it: nobody notices."""

from pathlib import Path

import httpx

from benchmarks.experiments.changes.committing import commit
from benchmarks.experiments.changes.releases import COLUMN
from benchmarks.targets import Target
from benchmarks.targets.architectures import unit_names
from benchmarks.targets.placement import Placement
from benchmarks.targets.releases.artifacts import build, recipe
from benchmarks.targets.versions import resolve
from benchmarks.tests.faults.conftest import assert_nothing_lost_or_doubled
from benchmarks.tests.faults.recorder import Attempt, Recorder

DRAIN_SECONDS = 90.0
PAUSE_SECONDS = 3.0  # of each of four clients: a busy machine still keeps up with so few


def refused(attempts: list[Attempt]) -> list[object]:
    """What was answered by anything but 202."""
    return [
        None if it.answer is None else (it.answer.status_code, it.answer.text)
        for it in attempts
        if it.answer is None or it.answer.status_code != httpx.codes.ACCEPTED
    ]


def test_units_are_released_and_released_back_under_load(
    target: Target, recorder: Recorder, tmp_path: Path
) -> None:
    """Every unit, from artifacts that are made before, and without one failed request.

    One of them adds a column. Its code goes back while the column stays, so the version before
    gets on with the schema of the one after it, and both serve at once, twice.
    """
    architecture = target.architecture
    units, head = unit_names(architecture), resolve("HEAD")
    (changed,) = COLUMN.units[architecture.name]
    later = commit(COLUMN.edits[architecture.name], COLUMN.says, on=head)
    made = {
        unit: build(recipe(architecture, unit), later if unit == changed else head, store=tmp_path)
        for unit in units
    }
    releaser = target.releaser()
    with recorder.load(clients=4, pause_seconds=PAUSE_SECONDS) as attempts:
        for unit in units:
            releaser.roll_out(unit, made[unit].installed)
        placed = Placement(target.run_dir).read()
        with_note = recorder.get("/submissions").json()["items"][0]
        releaser.roll_out(changed, placed.earlier[changed][-1], back=True)
    assert {unit: it.version for unit, it in placed.installed.items()} == {
        unit: it.version for unit, it in made.items()
    }
    assert "note" in with_note
    assert "note" not in recorder.get("/submissions").json()["items"][0]
    assert len(attempts) > 8
    assert refused(attempts) == []
    recorder.drain(timeout_seconds=DRAIN_SECONDS)
    assert_nothing_lost_or_doubled(target, recorder)
