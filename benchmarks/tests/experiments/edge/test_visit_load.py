"""The load of a trial: its marks, its rows, and what the analysis makes of them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.experiments.edge import FROM_APPLICATION, FROM_EDGE, WAYS
from benchmarks.experiments.edge.routing import PAGE
from benchmarks.experiments.edge.sweeps import FIRST_VISIT, KINDS, sweeps
from benchmarks.experiments.edge.visit_load import VisitLoad
from benchmarks.experiments.runner.generator import Event
from benchmarks.targets.local.placement import FILE
from benchmarks.tests.experiments.edge.fake_site import Site, serve
from benchmarks.workload.rows import read_rows
from benchmarks.workload.schedule import Schedule, Step

SCHEDULE = Schedule(tuple(Step(0.0, 0.1, users=kind.connections) for _ in WAYS for kind in KINDS))
(SWEEP,) = sweeps("smoke")
ARM = SWEEP.arms[0]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The fake edge, whose placement names it as its own admin interface."""
    with serve() as found:
        found.run_dir = tmp_path
        port = found.base_url.rpartition(":")[2]
        placed = {"edge": {"EDGE_ADMIN_PORT": port}, "installed": {}, "earlier": {}}
        (tmp_path / FILE).write_text(json.dumps(placed))
        yield found


def ways_of(site: Site) -> list[str]:
    """Return the ways to which the edge was brought, in order."""
    return [FROM_APPLICATION if PAGE not in text else FROM_EDGE for text in site.loaded]


def load(site: Site, tmp_path: Path, *, seed: int = 1) -> VisitLoad:
    image = tmp_path / "image.jpg"
    image.write_bytes(b"an image")
    rows = tmp_path / "rows.csv"
    return VisitLoad(ARM, site, schedule=SCHEDULE, rows=rows, image=image, seed=seed, core=0)


def run(site: Site, tmp_path: Path, *, seed: int = 1) -> list[Event]:
    with load(site, tmp_path, seed=seed) as running:
        return list(running.events())


def windows(events: list[Event]) -> list[dict[str, Any]]:
    return [event.fields for event in events if event.kind == "window-end"]


def test_each_way_goes_through_all_kinds(site: Site, tmp_path: Path) -> None:
    found = windows(run(site, tmp_path))
    assert [it["step"] for it in found] == list(range(len(SCHEDULE.steps)))
    assert [it["way"] for it in found] == [way for way in ways_of(site) for _ in KINDS]
    assert sorted(ways_of(site)) == sorted(WAYS)
    assert [(it["kind"], it["connections"]) for it in found[: len(KINDS)]] == [
        (kind.name, kind.connections) for kind in KINDS
    ]
    first = {it["requests_per_visit"] for it in found if it["kind"] == FIRST_VISIT}
    assert first <= {0, 3}, "no visit has ended yet, or whole visits have"


def test_every_visit_is_a_row(site: Site, tmp_path: Path) -> None:
    events = run(site, tmp_path)
    rows = list(read_rows(tmp_path / "rows.csv"))
    assert {row.step for row in rows} == set(range(len(SCHEDULE.steps)))
    assert {row.name for row in rows if row.step == 0} == {FIRST_VISIT}
    assert {row.user for row in rows if row.step == 3} == {1, 2, 3, 4}
    pages = [path for path, coding, _ in site.requests if path == "/" and "deflate" in coding]
    assert len(pages) >= len([row for row in rows if row.name != "image"])
    assert events[-1].kind == "drained"
    assert events[-1].fields["bytes_by_coding"].keys() == set(WAYS)


def test_the_order_of_the_ways_alternates_from_block_to_block(site: Site, tmp_path: Path) -> None:
    orders = [load(site, tmp_path, seed=seed).ways for seed in range(4)]
    assert orders[0] == orders[2] == orders[1][::-1] == orders[3][::-1]
    assert set(orders[0]) == set(WAYS)


def test_a_visit_that_fails_ends_the_trial(site: Site, tmp_path: Path) -> None:
    with load(site, tmp_path) as running:
        events = running.events()
        next(event for event in events if event.kind == "window-start")
        site.broken = True
        with pytest.raises(Exception, match="status 500"):
            list(events)
    assert (tmp_path / "rows.csv").exists()
