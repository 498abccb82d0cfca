"""From a results folder to a run in it: what is planted, on which commit, begun or gone on with."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.experiments.changes.faulting import Fault
from benchmarks.experiments.changes.faults import FAULTS, NULLS
from benchmarks.experiments.engine.cores import split_cores
from benchmarks.experiments.engine.environment import describe
from benchmarks.experiments.engine.errors import FolderError, HarnessError, MachineError
from benchmarks.experiments.engine.folder import ResultsFolder, refuse_packed
from benchmarks.experiments.engine.profiles import profile_named
from benchmarks.experiments.engine.unloaded import RECORD, new_record, now
from benchmarks.experiments.isolation import NAME
from benchmarks.experiments.isolation.planning import Plan, drawn, named
from benchmarks.experiments.isolation.run import run
from benchmarks.experiments.isolation.running import Runner
from benchmarks.experiments.isolation.suites import SUITES
from benchmarks.experiments.isolation.workshop import Workshop
from benchmarks.targets.architectures import REPOSITORY
from benchmarks.targets.settings import environments_folder
from benchmarks.targets.versions import ReleaseError, git, resolve, uncommitted

PRODUCT = ("monolith", "microservices", "shared")
SHOWN = 3  # files that a refusal names
CATALOGUE: tuple[Fault, ...] = (*FAULTS, *NULLS)


def begin(
    folder: Path, profile: str, seed: int, faults: str, *, catalogue: Sequence[Fault] = CATALOGUE
) -> Plan:
    """Plan a run and write that down. One that the folder has already is gone on with.

    Raises UsageError; FolderError for a folder of another product; ReleaseError for a tree with
    changes that no commit has.
    """
    refuse_packed(folder)
    profile_named(profile)
    plan = drawn(profile, seed, catalogue)
    if faults:
        plan = Plan(profile, seed, named(faults, catalogue))
    refuse_uncommitted()
    _need_environments()
    path = folder / RECORD
    if path.exists():
        record = ResultsFolder.open(folder).read_json(RECORD)
        _check_same_product(folder, record.get("base"))
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


def _need_environments() -> None:
    """MachineError where an environment that a suite is run in isn't there."""
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
            f"{head[:8]}: say another folder, or check that one out."
        )
        raise FolderError(message)


def run_in(folder: Path, profile: str, seed: int, say: Callable[[str], None]) -> list[str]:
    """Run it in a new folder, or go on with one that was begun; returns what went wrong."""
    is_begun = (folder / RECORD).exists()
    plan = resumed(folder) if is_begun else begin(folder, profile, seed, "")
    say(
        f"{NAME}, profile {plan.profile}: {len(plan.faults)} changes on both sides (seed "
        f"{plan.seed}), the suites each in a copy. Ctrl-C keeps what was run."
    )
    return go_on(folder, plan, say)


def refuse_uncommitted(repository: Path = REPOSITORY) -> None:
    """ReleaseError where the product has changes that aren't committed."""
    changed = uncommitted(PRODUCT, repository=repository)
    if changed:
        shown = ", ".join(changed[:SHOWN]) + (", …" if len(changed) > SHOWN else "")
        message = (
            f"There are changes that aren't committed ({shown}): faults are planted in a copy of "
            "a commit, so commit or stash them first."
        )
        raise ReleaseError(message)


def go_on(folder: Path, plan: Plan, say: Callable[[str], None]) -> list[str]:
    """Run what the folder doesn't have yet; returns what went wrong. Keeps run.json true."""
    results = ResultsFolder(folder)
    record = results.read_json(RECORD)
    # Servers have sockets below it, and a socket's path may only be short.
    work = Path(tempfile.mkdtemp(prefix="flow-e3-"))
    work.chmod(0o755)  # PostgreSQL is run by nobody
    shop = Workshop(folder, work, record["base"], Runner())
    record["status"] = "interrupted"
    try:
        problems = run(plan, shop, say)
        record["status"] = "complete"
    except (HarnessError, ReleaseError, OSError) as error:
        record["status"] = f"stopped: {error}"
        raise
    finally:
        record["finished_at"] = now()
        results.write_json(RECORD, record)
    return problems
