"""Each unit is released from a commit and rolled back under load, without a failed request."""

from pathlib import Path

from benchmarks.experiments.catalogue.index import commit
from benchmarks.experiments.catalogue.releases import COLUMN
from benchmarks.oracle import Exchange, RecordingClient, load
from benchmarks.targets import Target
from benchmarks.targets.architectures import unit_names
from benchmarks.targets.git import resolve
from benchmarks.targets.local.placement import Placement
from benchmarks.targets.releases.artifacts import build, recipe
from benchmarks.tests.faults.verification import assert_nothing_lost_or_doubled

DRAIN_SECONDS = 90.0
PAUSE_SECONDS = 3.0  # of each of four clients: a busy machine still keeps up with so few


def refused(exchanges: list[Exchange]) -> list[object]:
    """What wasn't accepted."""
    return [(it.status, it.event.code) for it in exchanges if not it.event.accepted]


def newest(recorder: RecordingClient) -> dict[str, object]:
    """The newest submission of the list."""
    response = recorder.list().response
    assert response is not None
    item: dict[str, object] = response.json()["items"][0]
    return item


def test_units_are_released_and_released_back_under_load(
    target: Target, recorder: RecordingClient, tmp_path: Path
) -> None:
    """Every unit, from artifacts that are made before, and without one failed request.

    One of them adds a column. Its code goes back while the column stays, so the version before
    gets on with the schema of the one after it, and both serve at once, twice.
    """
    architecture = target.architecture
    units, head = unit_names(architecture), resolve("HEAD")
    (changed,) = COLUMN.units[architecture.name]
    later = commit(COLUMN.edits[architecture.name], COLUMN.title, on=head)
    made = {
        unit: build(recipe(architecture, unit), later if unit == changed else head, store=tmp_path)
        for unit in units
    }
    releaser = target.releaser()
    with load(recorder, clients=4, pause_seconds=PAUSE_SECONDS) as attempts:
        for unit in units:
            releaser.roll_out(unit, made[unit].installed)
        placed = Placement(target.run_dir).read()
        with_note = newest(recorder)
        releaser.roll_out(changed, placed.earlier[changed][-1], back=True)
    assert {unit: it.version for unit, it in placed.installed.items()} == {
        unit: it.version for unit, it in made.items()
    }
    assert "note" in with_note
    assert "note" not in newest(recorder)
    assert len(attempts) > 8
    assert refused(attempts) == []
    recorder.drain(timeout_seconds=DRAIN_SECONDS)
    assert_nothing_lost_or_doubled(target, recorder.history)
