"""Run the self-check, print what it found, and write that to selfcheck.json."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from statistics import geometric_mean
from typing import Any

from rich.console import Console

from benchmarks.analysis.intervals import Interval
from benchmarks.experiments.deploy.claims import LEAD_TIME
from benchmarks.experiments.deploy.summary import summarize as summarize_deploy
from benchmarks.experiments.isolation.claims import SECONDS
from benchmarks.experiments.runner.arms import MONOLITH, Arm, Sweep
from benchmarks.experiments.runner.claim import Claim
from benchmarks.experiments.runner.errors import FolderError, HarnessError
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.results_folder import ResultsFolder, name_of_run
from benchmarks.experiments.runner.summary.arms import cost
from benchmarks.experiments.scaling.claims import CPU
from benchmarks.experiments.scaling.sizes import SIZES
from benchmarks.experiments.scaling.summary import summarize as summarize_scaling
from benchmarks.experiments.scaling.sweeps import CENTERFACE
from benchmarks.results_model.experiments import TrialResults
from benchmarks.selfcheck import pages, resampling, suite_pages, suite_series
from benchmarks.selfcheck.fault_injection import FAULTS, InjectedFault
from benchmarks.selfcheck.long_series import measure
from benchmarks.selfcheck.outcome import passed, show
from benchmarks.selfcheck.series import (
    AGAIN,
    LONGER_SECONDS,
    PLAIN,
    SLOW_DOWN,
    SLOWER,
    Series,
    costs,
    of_load,
    of_releases,
    pilot,
)
from benchmarks.selfcheck.suite_series import SLOW_START_SECONDS
from benchmarks.workload.schedule import Schedule

SERIES_BLOCKS = 15
VERSION = 2
ALIKE = ((PLAIN, AGAIN), (AGAIN, PLAIN))
# The claims put the services first where they need more CPU, and the monolith where it takes longer
MORE_CPU = ((PLAIN, SLOWER), (AGAIN, SLOWER))
LONGER = ((SLOWER, PLAIN), (SLOWER, AGAIN))
Summary = Callable[[Sequence[Sweep], Sequence[Trial]], TrialResults]


def run(*, size: str, results: Path, console: Console, resume: Path | None = None) -> bool:
    """Run single trials with a fault and, if `size` is "whole", the series.

    Return whether everything was found. Each run has its own results folder below `results`, or
    goes on in `resume`. Raises HarnessError; FolderError where `resume` holds no self-check.
    """
    if resume is not None:
        _require_begun(resume)
    folder = ResultsFolder(resume or results / name_of_run("selfcheck"))
    folder.path.mkdir(parents=True, exist_ok=True)
    document: dict[str, Any] = {
        "version": VERSION,
        "injected_faults": [],
        "series": None,
        "pages": None,
    }
    for fault in FAULTS:
        document["injected_faults"].append(run_fault(fault, folder, console))
        folder.write_json("selfcheck.json", document)
    if size == "whole":
        document |= _series(folder, console)
        folder.write_json("selfcheck.json", document)
    show(document, console)
    console.print(str(folder.path / "selfcheck.json"), highlight=False, soft_wrap=True)
    return passed(document)


def _require_begun(folder: Path) -> None:
    """Raise FolderError for a folder without a check: a mistyped name would begin a new one."""
    if not any((folder / f"injected-{fault.name}" / "run.json").is_file() for fault in FAULTS):
        raise FolderError(f"{folder} holds no self-check: name the folder of one that was stopped.")


def run_fault(
    fault: InjectedFault, parent: ResultsFolder, console: Console, *, edge_port: int | None = None
) -> dict[str, Any]:
    """Run one trial with a fault; return the reported reasons and whether they name it."""
    arm = Arm(fault.name, MONOLITH, CENTERFACE)
    schedule = Schedule.closed((2,), warm_up_seconds=2.0, window_seconds=3.0)
    sweep = Sweep(f"injected-{fault.name}", "load", fault.title, (arm,), schedule, 1)
    # The fault shows on a shared core too; only the series measures.
    trial = measure(
        parent.path / sweep.name,
        (sweep,),
        console,
        deploy=partial(fault.deploy, edge_port=edge_port),
        load=fault.load,
        share_core=True,
    )[-1]
    found = (
        any(fault.expected in reason for reason in trial.void) if fault.expected else trial.counted
    )
    return {
        "name": fault.name,
        "planted": fault.title,
        "expected": fault.expected,
        "reasons": list(trial.void),
        "found": found,
    }


def _series(parent: ResultsFolder, console: Console) -> dict[str, Any]:
    (first,) = measure(parent.path / "pilot", (pilot(),), console)
    plain = cost(first)
    if plain is None or not first.counted:
        raise HarnessError(f"The pilot trial does not count: {'; '.join(first.void)}.")
    load = of_load(SERIES_BLOCKS, plain_cpu_ms=plain)
    loaded = measure(parent.path / "load", load.run, console)
    releases = of_releases(SERIES_BLOCKS)
    released = measure(parent.path / "releases", releases.run, console, experiment="deploy")
    sides = suite_series.measure(parent.path / "suites", console, seed=resampling.SEED)
    found = costs(loaded)
    sizes = {name: size.blocks["load"] for name, size in SIZES.items() if name != "smoke"}
    if len(found) < sizes["quick"]:
        raise HarnessError(f"Only {len(found)} blocks count, too few for a comparison.")
    return {
        "series": {
            "planted_cpu_ms": SLOW_DOWN * plain,
            "planted_share": SLOW_DOWN,
            "blocks_run": SERIES_BLOCKS,
            "costs": {str(block): dict(arms) for block, arms in found.items()},
            "void": {trial.name: list(trial.void) for trial in loaded if trial.void},
            **conclude(found, sizes),
        },
        "pages": judge_pages(load, loaded, releases, released, sides),
        "environment": ResultsFolder(parent.path / "load").read_json("environment.json"),
    }


def judge_pages(
    load: Series,
    loaded: Sequence[Trial],
    releases: Series,
    released: Sequence[Trial],
    sides: suite_series.Sides,
) -> dict[str, Any]:
    """Return how often a simulated quick run has a false alarm, and finds what is planted."""
    tested = suite_pages.simulated(sides, seed=resampling.SEED)
    alike = {
        "scaling": _simulated(load, loaded, summarize_scaling, ALIKE),
        "deploy": _simulated(releases, released, summarize_deploy, ALIKE),
        "isolation": tested.alike,
    }
    more = _simulated(load, loaded, summarize_scaling, MORE_CPU)
    longer = _simulated(releases, released, summarize_deploy, LONGER)
    return {
        "pages": pages.PAGES,
        "false_alarms": {name: pages.alarms(found) for name, found in alike.items()},
        "any_false_alarm": pages.together([*alike.values()]),
        "planted": [
            _planted("10 % more CPU for each submission", CPU, more),
            _planted(
                f"{LONGER_SECONDS:g} s more in each release",
                LEAD_TIME,
                longer,
                seconds=LONGER_SECONDS,
                measured=resampling.longer_release(released),
            ),
            _planted(
                f"{SLOW_START_SECONDS:g} s more before each suite",
                SECONDS,
                tested.slower,
                seconds=SLOW_START_SECONDS,
                measured=suite_pages.longer(sides),
            ),
        ],
    }


def _planted(
    what: str,
    claim: Claim,
    found: Sequence[pages.Page],
    *,
    seconds: float | None = None,
    measured: Interval | None = None,
) -> dict[str, Any]:
    """Describe a planted effect: how many simulated runs support the claim that it is about.

    `seconds` are those that were planted, if any; `measured` is what all blocks found of them.
    """
    return {
        "what": what,
        "claim": claim.name,
        "supported": pages.supported(found, claim.name),
        "seconds": seconds,
        "measured": None if measured is None else asdict(measured),
    }


def _simulated(
    series: Series, trials: Sequence[Trial], summary: Summary, draw: Sequence[tuple[str, str]]
) -> list[pages.Page]:
    def judge(drawn: Sequence[Trial]) -> Any:
        return summary(series.quick, drawn).claims

    return pages.simulated_pages(
        trials, judge, series.places, draw=draw, blocks=series.blocks, seed=resampling.SEED
    )


def conclude(found: resampling.Costs, sizes: Mapping[str, int]) -> dict[str, Any]:
    """Return the summary of a series: comparisons, their counts, and smallest effects."""
    same = resampling.alike(found, sizes["quick"])
    slower = resampling.slowed(found, sizes["quick"])
    ratios = [arms["slower"] / arms["plain"] for arms in found.values()]
    return {
        "bias": asdict(resampling.bias(found)),
        "comparison_blocks": sizes["quick"],
        "comparisons": resampling.COMPARISONS,
        "seed": resampling.SEED,
        "false_alarms": resampling.false_alarms(same),
        "hits": resampling.hits(slower),
        "alike": [asdict(comparison) for comparison in same],
        "slowed": [asdict(comparison) for comparison in slower],
        "slowed_ratio": geometric_mean(ratios),
        "scatter": resampling.scatter(found),
        "smallest_effects": resampling.smallest_effects(found, sizes),
        "profile_blocks": sizes,
    }
