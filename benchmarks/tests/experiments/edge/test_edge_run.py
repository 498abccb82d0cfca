"""A trial of visits through its raw files: what is measured, written down, read and judged."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.experiments.edge import WAYS
from benchmarks.experiments.edge.summary import summarize
from benchmarks.experiments.edge.sweeps import KINDS, sweeps
from benchmarks.experiments.edge.visit_load import VisitLoad
from benchmarks.experiments.runner.blocks import Planned
from benchmarks.experiments.runner.cores import split_cores
from benchmarks.experiments.runner.measured_trial import Trial, load_trials
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.experiments.runner.trial import Bench, Order, run_trial
from benchmarks.targets.local.placement import FILE
from benchmarks.tests.experiments.edge.fake_site import Site, serve
from benchmarks.tests.experiments.fake_deploy import FakeCounts, FakeSample
from benchmarks.workload.schedule import Schedule, Step

SCHEDULE = Schedule(tuple(Step(0.0, 0.1, users=kind.connections) for _ in WAYS for kind in KINDS))
SWEEP = replace(sweeps("smoke")[0], schedule=SCHEDULE)


class Target:
    """The fake site as a trial's target; each of its requests costs 0.01 CPU-ms."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.base_url, self.run_dir = site.base_url, site.run_dir

    def sample(self) -> list[FakeSample]:
        cpu_ms = 0.01 * len(self._site.requests)
        return [
            FakeSample("monolith-web-1", "monolith", "unit", 1, cpu_ms, 1 << 20),
            FakeSample("edge", "edge", "edge", 2, cpu_ms, 1 << 20),
        ]

    def sample_companions(self) -> list[FakeSample]:
        return []

    def counters(self) -> None:
        return None

    def counts(self) -> FakeCounts:
        return FakeCounts(1, {"succeeded": 1}, 1)

    def scale_all(self, counts: Mapping[str, int]) -> None:
        raise NotImplementedError


@contextmanager
def deployed(_arm: object, *, run_dir: Path, **_: Any) -> Iterator[Target]:
    with serve() as site:
        run_dir.mkdir(parents=True)
        site.run_dir = run_dir
        port = site.base_url.rpartition(":")[2]
        placed = {"edge": {"EDGE_ADMIN_PORT": port}, "installed": {}, "earlier": {}}
        (run_dir / FILE).write_text(json.dumps(placed))
        yield Target(site)


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    folder = tmp_path_factory.mktemp("edge")
    image = folder / "image.jpg"
    image.write_bytes(b"an image")
    bench = Bench(
        ResultsFolder.begin(folder / "results"),
        split_cores(share=True),
        image,
        folder / "run",
        7,
        deployed,
        VisitLoad,
    )
    planned = Planned(1, SWEEP.name, 1, SWEEP.arms[0].name)
    run_trial(bench, Order(planned, SWEEP, SCHEDULE), show=lambda _: None)
    (found,) = load_trials(bench.folder)
    return found


def test_a_trial_of_visits_is_not_void_for_what_it_does_not_submit(trial: Trial) -> None:
    """The fake is in this process, so only the generator's share of its core may be too large."""
    assert trial.document["problem"] is None
    assert [reason for reason in trial.void if "generator" not in reason] == []
    assert trial.ledger is not None
    assert (trial.ledger.accepted, trial.ledger.rows) == (1, 1)


def test_every_window_has_its_visits_and_their_cost(trial: Trial) -> None:
    found = summarize([SWEEP], [replace(trial, void=())])
    (sweep,) = found.sweeps
    measured = [visits for visits in sweep.visits if visits.visits]
    assert len(sweep.visits) == len(WAYS) * len(KINDS)
    assert measured
    for visits in measured:
        assert visits.cpu_ms is not None
        assert visits.cpu_ms.application == pytest.approx(visits.cpu_ms.edge)
        assert visits.requests_per_second.mean
    assert len(sweep.codings) == 8
    assert found.trials[0].first_way in WAYS
