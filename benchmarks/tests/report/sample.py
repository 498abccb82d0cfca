"""Results documents from made-up trials, through the same code as real ones."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import msgspec

from benchmarks.analysis.trials import saturation
from benchmarks.experiments.runner.arms import Sweep
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.rates import settled
from benchmarks.experiments.scaling.summary import summarize
from benchmarks.experiments.scaling.sweeps import external_sweeps, sweeps
from benchmarks.report import rendering
from benchmarks.results_model import reading
from benchmarks.results_model.document import SCHEMA_VERSION, Conformance, ResultsDocument, Run
from benchmarks.results_model.experiments import ScalingResults
from benchmarks.tests.report.made_up import Circumstances, Maker

SPEEDS = (1.0, 0.94, 1.02)  # of the machine, block by block
UNEVEN = (1.0, 1.01, 0.985)  # of one arm against another in a block
PER_SECOND = 12.0  # what the shares of the open steps are of


def _settled(sweep: Sweep) -> Sweep:
    """Return it with arrivals a second where the plan has shares, as a run settles them."""
    return replace(sweep, schedule=settled(sweep, PER_SECOND))


SWEEPS = tuple(replace(it, blocks=3) for it in sweeps("standard"))
(LOAD,) = (sweep for sweep in SWEEPS if sweep.name == "load")
(EXTERNAL,) = external_sweeps(
    "standard", ["http://127.0.0.1:8080", "http://127.0.0.1:8081"], [2.0, 4.0]
)


def _blocks(sweep: Sweep, blocks: int, maker: Maker, last: Circumstances | None) -> None:
    for block in range(1, blocks + 1):
        for place, arm in enumerate(sweep.arms):
            speed = SPEEDS[block - 1] * UNEVEN[(block + place) % 3]
            about = Circumstances(speed=speed)
            is_last = block == blocks and place == len(sweep.arms) - 1
            maker.trial(_settled(sweep), arm, block, last if is_last and last else about)


def trials(*, lost: int = 0, others: float = 0.0, late: int = 0) -> list[Trial]:
    """Return the load sweep in three blocks; something may be the matter with the last trial."""
    return [*_load_trials(Circumstances(lost=lost, others=others, late=late))]


@cache
def _load_trials(last: Circumstances) -> tuple[Trial, ...]:
    maker = Maker()
    _blocks(LOAD, 3, maker, last)
    return tuple(maker.made)


def first_trial(about: Circumstances | None = None) -> Trial:
    """Return one trial of the load sweep."""
    return Maker().trial(_settled(LOAD), LOAD.arms[0], 1, about)


@cache
def every_trial() -> tuple[Trial, ...]:
    """Return all sweeps, in three blocks each."""
    maker = Maker()
    for sweep in SWEEPS:
        _blocks(sweep, 3, maker, None)
    return tuple(maker.made)


def external_trials() -> list[Trial]:
    """Return trials of two deployed targets, in two blocks."""
    maker = Maker()
    _blocks(EXTERNAL, 2, maker, None)
    return maker.made


def results(
    measured: Sequence[Trial], sweeps: Sequence[Sweep] = (LOAD,), **run: Any
) -> ResultsDocument:
    """Return a complete document; `run` replaces fields of its `run`."""
    planned = Run(
        id="20260102T030405Z-standard",
        profile="standard",
        seed=5,
        order=[it.name for it in measured],
        image="load.jpg",
        core_shared=False,
        bound_per_second=PER_SECOND,
        started_at="2026-01-02T03:04:05+00:00",
        resumed_at=[],
        finished_at="2026-01-02T03:09:35+00:00",
        status="complete",
    )
    conformance = Conformance(
        passed=True, cases=150, failed=0, skipped=0, seconds=31.0, failures=[], selection="all"
    )
    document = ResultsDocument(
        schema_version=SCHEMA_VERSION,
        run=msgspec.structs.replace(planned, **run),
        environment={
            "cpu": {
                "model": "Some CPU 3000",
                "cores": 2,
                "target_cores": [0],
                "generator_core": 1,
                "governor": "unknown",
                "virtual": True,
            },
            "memory_bytes": 8 * 2**30,
            "system": {"kernel": "6.1", "machine": "x86_64", "distribution": "Some Linux 12"},
            "load_average_before": [0.1, 0.2, 0.3],
            "versions": {"python": "3.11.7", "locust": "2.47.0"},
            "source": {"commit": "0123456789abcdef", "changed": False},
        },
        conformance={arm.name: conformance for arm in (LOAD if LOAD in sweeps else sweeps[0]).arms},
        experiments={"scaling": summarize(sweeps, measured)},
    )
    return reading.check(document)


def scaling(document: ResultsDocument) -> ScalingResults:
    """Return the results of a document of the scaling experiment."""
    assert isinstance(document.results, ScalingResults)
    return document.results


@cache
def everything() -> ResultsDocument:
    """Return a run with all sweeps."""
    return results(every_trial(), SWEEPS)


@cache
def drawn_page() -> str:
    """Return the page of that run, whose figures take seconds to draw."""
    return rendering.render(everything())


def unsaturated(measured: Trial) -> Trial:
    """Return the same trial, without its closed levels past the first two."""
    levels = tuple(it for it in measured.levels if it.window.users in {0, 1, 2})
    return replace(measured, levels=levels, saturation=saturation(levels))
