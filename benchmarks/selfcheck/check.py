"""Run the self-check, print what it found, and write that to selfcheck.json."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from statistics import geometric_mean
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.experiments.runner.arms import MONOLITH, Arm, Sweep
from benchmarks.experiments.runner.cores import split_cores
from benchmarks.experiments.runner.deployment import IMAGE, deploy_arm
from benchmarks.experiments.runner.errors import HarnessError
from benchmarks.experiments.runner.loads import make_load
from benchmarks.experiments.runner.measured_trial import Trial, load_trials
from benchmarks.experiments.runner.plans import Plan
from benchmarks.experiments.runner.profiles import Profile
from benchmarks.experiments.runner.protocols import Deploy, MakeLoad
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.experiments.runner.run import new_record
from benchmarks.experiments.runner.run import run as run_plan
from benchmarks.experiments.runner.summary.arms import cost
from benchmarks.experiments.scaling.sizes import SIZES
from benchmarks.experiments.scaling.sweeps import CENTERFACE
from benchmarks.repository import REPOSITORY
from benchmarks.selfcheck import resampling
from benchmarks.selfcheck.fault_injection import FAULTS, InjectedFault
from benchmarks.selfcheck.series import SLOW_DOWN, costs, pilot, series
from benchmarks.workload.schedule import Schedule

RUN_DIR = REPOSITORY / ".run" / "selfcheck"
SERIES_BLOCKS = 20
VERSION = 1


def run(*, size: str, results: Path, console: Console) -> bool:
    """Run single trials with a fault and, if `size` is "whole", the series.

    Return whether everything was found. Each run has its own results folder below `results`.
    Raises HarnessError.
    """
    folder = ResultsFolder.create(results, profile="selfcheck")
    document: dict[str, Any] = {"version": VERSION, "injected_faults": [], "series": None}
    for fault in FAULTS:
        document["injected_faults"].append(run_fault(fault, folder, console))
        folder.write_json("selfcheck.json", document)
    if size == "whole":
        document["series"] = _series(folder, console)
        document["environment"] = ResultsFolder(folder.path / "series").read_json(
            "environment.json"
        )
        folder.write_json("selfcheck.json", document)
    _show(document, console)
    console.print(str(folder.path / "selfcheck.json"), highlight=False, soft_wrap=True)
    return passed(document)


def passed(document: dict[str, Any]) -> bool:
    """Return whether all planted faults and differences were found, and nothing else."""
    found = all(outcome["found"] for outcome in document["injected_faults"])
    measured = document["series"]
    if measured is None:
        return found
    return (
        found
        and measured["bias"]["low"] <= 1 <= measured["bias"]["high"]
        and measured["false_alarms"] <= resampling.MOST_FALSE_ALARMS
        and abs(measured["slowed_ratio"] - 1 - measured["planted_share"]) <= resampling.SIZE_MISS
        and measured["hits"] >= resampling.FEWEST_FOUND
    )


def run_fault(
    fault: InjectedFault, parent: ResultsFolder, console: Console, *, edge_port: int | None = None
) -> dict[str, Any]:
    """Run one trial with a fault; return the reported reasons and whether they name it."""
    arm = Arm(fault.name, MONOLITH, CENTERFACE)
    schedule = Schedule.closed((2,), warm_up_seconds=2.0, window_seconds=3.0)
    sweep = Sweep(f"injected-{fault.name}", "load", fault.title, (arm,), schedule, 1)
    deploy = partial(fault.deploy, edge_port=edge_port)
    # The fault shows on a shared core too; only the series measures.
    (trial,) = _run(sweep, parent, console, deploy=deploy, load=fault.load, share_core=True)
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
    (first,) = _run(pilot(), parent, console)
    plain = cost(first)
    if plain is None or not first.counted:
        raise HarnessError(f"The pilot trial does not count: {'; '.join(first.void)}.")
    trials = _run(series(SERIES_BLOCKS, plain_cpu_ms=plain), parent, console)
    found = costs(trials)
    sizes = {name: size.blocks["load"] for name, size in SIZES.items() if name != "smoke"}
    if len(found) < resampling.SLOWED_BLOCKS:
        raise HarnessError(f"Only {len(found)} blocks count, too few for a comparison.")
    void = {trial.name: list(trial.void) for trial in trials if trial.void}
    return {
        "planted_cpu_ms": SLOW_DOWN * plain,
        "planted_share": SLOW_DOWN,
        "blocks_run": SERIES_BLOCKS,
        "costs": {str(block): dict(arms) for block, arms in found.items()},
        "void": void,
        **conclude(found, sizes),
    }


def conclude(found: resampling.Costs, sizes: Mapping[str, int]) -> dict[str, Any]:
    """Return the summary of a series: comparisons, their counts, and smallest effects.

    The same against the same is drawn in the quick profile's blocks, in which chance has the most
    say. The slow-down has to be found with `SLOWED_BLOCKS`; how often the quick profile's blocks
    find it is reported beside it.
    """
    same = resampling.alike(found, sizes["quick"])
    slower = resampling.slowed(found, resampling.SLOWED_BLOCKS)
    quick = resampling.slowed(found, sizes["quick"])
    ratios = [arms["slower"] / arms["plain"] for arms in found.values()]
    return {
        "bias": asdict(resampling.bias(found)),
        "comparison_blocks": sizes["quick"],
        "slowed_blocks": resampling.SLOWED_BLOCKS,
        "comparisons": resampling.COMPARISONS,
        "seed": resampling.SEED,
        "false_alarms": resampling.false_alarms(same),
        "hits": resampling.hits(slower),
        "quick_hits": resampling.hits(quick),
        "alike": [asdict(comparison) for comparison in same],
        "slowed": [asdict(comparison) for comparison in slower],
        "slowed_ratio": geometric_mean(ratios),
        "scatter": resampling.scatter(found),
        "smallest_effects": resampling.smallest_effects(found, sizes),
        "profile_blocks": sizes,
    }


def _run(
    sweep: Sweep,
    parent: ResultsFolder,
    console: Console,
    *,
    deploy: Deploy = deploy_arm,
    load: MakeLoad = make_load,
    share_core: bool = False,
) -> list[Trial]:
    path = parent.path / sweep.name
    (path / "raw").mkdir(parents=True)
    folder = ResultsFolder(path)
    profile = Profile("selfcheck", "")
    plan = Plan(
        "scaling",
        (sweep,),
        profile,
        resampling.SEED,
        IMAGE,
        split_cores(share=share_core),
        is_checked=False,
    )
    run_plan(
        plan,
        folder,
        new_record(plan, folder),
        deploy=deploy,
        load=load,
        run_dir=RUN_DIR,
        console=console,
    )
    return load_trials(folder)


def _show(document: dict[str, Any], console: Console) -> None:
    table = Table("planted", "reported", "found", title="Self-check", title_justify="left")
    for outcome in document["injected_faults"]:
        reported = "; ".join(outcome["reasons"]) or "counts"
        table.add_row(outcome["planted"], reported, "yes" if outcome["found"] else "NO")
    measured = document["series"]
    if measured is not None:
        blocks, more_blocks = measured["comparison_blocks"], measured["slowed_blocks"]
        compared = f"{measured['comparisons']} comparisons of"
        quiet = measured["false_alarms"] <= resampling.MOST_FALSE_ALARMS
        found = measured["hits"] >= resampling.FEWEST_FOUND
        table.add_row(
            "nothing: the same against the same",
            f"a difference in {measured['false_alarms']} of {compared} {blocks} blocks",
            "yes" if quiet else "NO",
        )
        table.add_row(
            f"{measured['planted_share']:.0%} more CPU",
            f"more in {measured['hits']} of {compared} {more_blocks} blocks, and in "
            f"{measured['quick_hits']} of {blocks} blocks; ratio {measured['slowed_ratio']:.3f}",
            "yes" if found else "NO",
        )
        bias = measured["bias"]
        fair = bias["low"] <= 1 <= bias["high"]
        table.add_row(
            "nothing, over all blocks",
            f"ratio {bias['ratio']:.3f} [{bias['low']:.3f} to {bias['high']:.3f}]",
            "yes" if fair else "NO",
        )
        for name, effect in measured["smallest_effects"].items():
            if effect is not None:
                table.add_row("", f"{name} finds effects from {effect:.1%} on", "")
    console.print(table)
