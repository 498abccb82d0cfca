"""A release is built before the load's schedule begins: the two don't compete for a core."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from itertools import product
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.experiments.deploy.sweeps import sweeps
from benchmarks.experiments.runner.blocks import Planned
from benchmarks.experiments.runner.cores import Cores
from benchmarks.experiments.runner.generator import Event
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.experiments.runner.trial import Bench, Order, run_trial
from benchmarks.tests.experiments.fake_deploy import FakeCounts

DRAINED = {"accepted": 1, "succeeded": 1, "answers_lost": 0}


class Target:
    """A target with nothing in it."""

    def __init__(self, run_dir: Path) -> None:
        self.run_dir = run_dir

    def sample(self) -> list[Any]:
        return []

    def counts(self) -> FakeCounts:
        return FakeCounts(1, {"succeeded": 1}, 1)


class Load(AbstractContextManager["Load"]):
    """A load that has drained at once."""

    def __init__(self, done: list[str]) -> None:
        done.append("the load begins")

    def events(self) -> Iterator[Event]:
        yield Event("drained", dict(DRAINED))

    def __exit__(self, *_exception: object) -> None:
        """End."""


class Builder:
    """An actor that builds before it is ready."""

    def __init__(self, done: list[str]) -> None:
        self._done = done

    def __enter__(self) -> Self:
        self._done.append("built")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._done.append("the actor ends")

    def begin(self, step: int) -> None:
        """Begin a step."""

    def progress(self, fields: Mapping[str, Any]) -> None:
        """Ignore the load's progress."""


def test_what_is_released_is_built_before_the_load_begins(tmp_path: Path) -> None:
    done: list[str] = []
    (sweep,) = sweeps("quick")
    folder = ResultsFolder.begin(tmp_path / "results")
    bench = Bench(
        folder=folder,
        cores=Cores(target=frozenset({0}), generator=0),
        image=tmp_path / "image",
        run_dir=tmp_path / "run",
        seed=1,
        deploy=lambda _arm, **_: nullcontext(Target(tmp_path / "run")),
        make_load=lambda _arm, _target, **_: Load(done),
        make_actor=lambda *_: Builder(done),
    )
    planned = Planned(1, sweep.name, 1, sweep.arms[0].name)
    run_trial(bench, Order(planned, sweep, sweep.schedule), show=lambda _text: None)
    assert done == ["built", "the load begins", "the actor ends"]
    assert folder.read_json(f"raw/{planned.name}/trial.json")["problem"] is None


def test_both_arms_of_a_block_meet_the_same_arrivals(tmp_path: Path) -> None:
    seeds: dict[int, list[int]] = {}
    (sweep,) = sweeps("quick")
    folder = ResultsFolder.begin(tmp_path / "results")
    for number, (block, arm) in enumerate(product((1, 2), sweep.arms), 1):

        def make_load(_arm: Any, _target: Any, *, seed: int, block: int = block, **_: Any) -> Load:
            seeds.setdefault(block, []).append(seed)
            return Load([])

        bench = Bench(
            folder=folder,
            cores=Cores(target=frozenset({0}), generator=0),
            image=tmp_path / "image",
            run_dir=tmp_path / "run",
            seed=1,
            deploy=lambda _arm, **_: nullcontext(Target(tmp_path / "run")),
            make_load=make_load,
            make_actor=lambda *_: Builder([]),
        )
        planned = Planned(number, sweep.name, block, arm.name)
        run_trial(bench, Order(planned, sweep, sweep.schedule), show=lambda _text: None)
    (first, other), (second, another) = seeds[1], seeds[2]
    assert first == other != second == another
