"""Each unit is released from a commit, and released back, while people use it: nobody notices."""

from pathlib import Path

import httpx
import pytest

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
PAUSE_SECONDS = 1.0  # of each of four clients: so few don't make the account's most open ones


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("artifacts")


def refused(attempts: list[Attempt]) -> list[object]:
    """What was answered by anything but 202."""
    return [
        None if it.answer is None else (it.answer.status_code, it.answer.text)
        for it in attempts
        if it.answer is None or it.answer.status_code != httpx.codes.ACCEPTED
    ]


def test_every_unit_is_released_under_load(target: Target, recorder: Recorder, store: Path) -> None:
    """From artifacts of HEAD, which are made before, and without one failed request."""
    units = unit_names(target.architecture)
    commit = resolve("HEAD")
    made = {unit: build(recipe(target.architecture, unit), commit, store=store) for unit in units}
    releaser = target.releaser()
    with recorder.load(clients=4, pause_seconds=PAUSE_SECONDS) as attempts:
        for unit in units:
            releaser.roll_out(unit, made[unit].installed)
    assert len(attempts) > 8
    assert refused(attempts) == []
    recorder.drain(timeout_seconds=DRAIN_SECONDS)
    assert_nothing_lost_or_doubled(target, recorder)
    placed = Placement(target.run_dir).read()
    assert {unit: it.version for unit, it in placed.installed.items()} == {
        unit: it.version for unit, it in made.items()
    }


def test_the_version_before_gets_on_with_a_later_schema(
    target: Target, recorder: Recorder, store: Path
) -> None:
    """A column is added, the code goes back, the column stays: both serve at once, twice."""
    architecture = target.architecture
    (unit,) = COLUMN.units[architecture.name]
    made = commit(COLUMN.edits[architecture.name], COLUMN.says, on=resolve("HEAD"))
    later = build(recipe(architecture, unit), made, store=store)
    releaser = target.releaser()
    with recorder.load(clients=4, pause_seconds=PAUSE_SECONDS) as attempts:
        releaser.roll_out(unit, later.installed)
        before = Placement(target.run_dir).read().earlier[unit][-1]
        with_note = recorder.get("/submissions").json()["items"][0]
        releaser.roll_out(unit, before, back=True)
    assert "note" in with_note
    assert "note" not in recorder.get("/submissions").json()["items"][0]
    assert refused(attempts) == []
    recorder.drain(timeout_seconds=DRAIN_SECONDS)
    assert_nothing_lost_or_doubled(target, recorder)
