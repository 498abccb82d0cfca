"""The isolation experiment's run: in a new folder, or resumed in one that was begun."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.experiments.catalogue.faults import FAULTS, NULLS, Fault
from benchmarks.experiments.isolation import NAME, TITLE
from benchmarks.experiments.isolation.commands import Runner
from benchmarks.experiments.isolation.jobs import run
from benchmarks.experiments.isolation.suite_runner import SuiteRunner
from benchmarks.experiments.isolation.suites import SUITES
from benchmarks.experiments.isolation.summary import summarize
from benchmarks.experiments.isolation.sweeps import PLANNED_SECONDS, Plan, drawn, named
from benchmarks.experiments.runner.catalogue_experiment import CatalogueExperiment
from benchmarks.experiments.runner.cores import split_cores
from benchmarks.experiments.runner.environment import describe
from benchmarks.experiments.runner.errors import FolderError, HarnessError, MachineError
from benchmarks.experiments.runner.experiment import Experiment
from benchmarks.experiments.runner.plans import check_same
from benchmarks.experiments.runner.profiles import profile_named
from benchmarks.experiments.runner.results_folder import ResultsFolder, refuse_packed
from benchmarks.experiments.runner.run_record import RECORD, new_record, now
from benchmarks.targets.architectures import REPOSITORY
from benchmarks.targets.errors import ReleaseError, TargetError
from benchmarks.targets.git import git, resolve, uncommitted
from benchmarks.targets.local.settings import environments_folder

PRODUCT = ("monolith", "microservices", "shared")
SHOWN = 3  # files that a refusal names
CATALOGUE: tuple[Fault, ...] = (*FAULTS, *NULLS)


def begin(
    folder: Path, profile: str, seed: int, faults: str, *, catalogue: Sequence[Fault] = CATALOGUE
) -> Plan:
    """Plan a run and write its record. A run that the folder has already is resumed.

    Raises UsageError; FolderError for a folder of another product; ReleaseError for a tree with
    changes that no commit has.
    """
    refuse_packed(folder)
    profile_named(profile)
    plan = drawn(profile, seed, catalogue)
    if faults:
        plan = Plan(profile, seed, named(faults, catalogue))
    check_needs()
    path = folder / RECORD
    if path.exists():
        record = ResultsFolder.open(folder).read_json(RECORD)
        _check_same_product(folder, record.get("base"))
        check_same(ResultsFolder.open(folder), alike=("cpu", "versions"))
        record["resumed_at"].append(now())
        record |= {"order": plan.names, "profile": profile, "seed": seed, "status": "running"}
    else:
        record = new_record(
            folder, NAME, profile=profile, seed=seed, base=resolve("HEAD"), order=plan.names
        )
    (folder / "raw").mkdir(parents=True, exist_ok=True)
    results = ResultsFolder(folder)
    results.write_json(RECORD, record)
    if not (folder / "environment.json").exists():
        results.write_json("environment.json", describe(split_cores(share=True)))
    return plan


def resumed(folder: Path, *, catalogue: Sequence[Fault] = CATALOGUE) -> Plan:
    """Plan the rest of what a folder was begun with. Raises as `begin` does."""
    record = ResultsFolder.open(folder).read_json(RECORD)
    names = ",".join(record["order"])
    return begin(folder, record["profile"], record["seed"], names, catalogue=catalogue)


def check_needs() -> None:
    """Raise ReleaseError, GitError or MachineError where a run couldn't begin."""
    refuse_uncommitted()
    _need_environments()


def _need_environments() -> None:
    """Raise MachineError where an environment that a suite is run in is missing."""
    needed = dict.fromkeys(suite.environment for suite in SUITES)
    missing = [name for name in needed if not (environments_folder() / name / "bin").exists()]
    if missing:
        targets = " ".join(f".venvs/{name}" for name in missing)
        message = f"The suites' environments aren't there yet; make them with `make {targets}`."
        raise MachineError(message)


def _check_same_product(folder: Path, base: str | None) -> None:
    """Refuse to go on where the suites wouldn't be the same: what was run wouldn't be alike."""
    head = resolve("HEAD")
    trees = [git("ls-tree", commit, "--", *PRODUCT) for commit in (base, head) if commit]
    if base is None or trees[0] != trees[-1]:
        message = (
            f"{folder} is of commit {str(base)[:8]}, and what is tested isn't the same in "
            f"{head[:8]}: name another folder, or check that one out."
        )
        raise FolderError(message)


def run_in(folder: Path, profile: str, seed: int, report: Callable[[str], None]) -> list[str]:
    """Run in a new folder, or resume one that was begun; return the problems."""
    is_begun = (folder / RECORD).exists()
    plan = resumed(folder) if is_begun else begin(folder, profile, seed, "")
    report(
        f"{NAME}, profile {plan.profile}: {len(plan.faults)} changes on both sides (seed "
        f"{plan.seed}), the suites each in a copy. Ctrl-C keeps what was run."
    )
    return go_on(folder, plan, report)


def refuse_uncommitted(repository: Path = REPOSITORY) -> None:
    """Raise ReleaseError where the product has changes that aren't committed."""
    changed = uncommitted(PRODUCT, repository=repository)
    if changed:
        shown = ", ".join(changed[:SHOWN]) + (", …" if len(changed) > SHOWN else "")
        message = (
            f"There are changes that aren't committed ({shown}): faults are planted in a copy of "
            "a commit, so commit or stash them first."
        )
        raise ReleaseError(message)


def go_on(folder: Path, plan: Plan, report: Callable[[str], None]) -> list[str]:
    """Run what the folder doesn't have yet; return the problems. Keep run.json up to date."""
    results = ResultsFolder(folder)
    record = results.read_json(RECORD)
    # Servers have sockets below it, and a socket's path may only be short.
    work = Path(tempfile.mkdtemp(prefix="flow-e3-"))
    work.chmod(0o755)  # PostgreSQL runs as the user `nobody`
    suite_runner = SuiteRunner(folder, work, record["base"], Runner(), selects=plan.selects)
    record["status"] = "interrupted"
    try:
        problems = run(plan, suite_runner, report)
        record["status"] = "complete"
    except (HarnessError, TargetError, OSError) as error:
        record["status"] = f"stopped: {error}"
        raise
    finally:
        record["finished_at"] = now()
        results.write_json(RECORD, record)
    return problems


EXPERIMENT: Experiment = CatalogueExperiment(
    NAME, TITLE, run_in, summarize, PLANNED_SECONDS, check_needs
)
