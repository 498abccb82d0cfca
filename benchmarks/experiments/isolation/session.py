"""From a results folder to a run in it: what is planted, on which commit, begun or gone on with."""

import json
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.experiments.changes.faulting import Fault
from benchmarks.experiments.changes.faults import FAULTS, NULLS
from benchmarks.experiments.engine.errors import FolderError
from benchmarks.experiments.engine.folder import RAW_VERSION
from benchmarks.experiments.engine.profiles import profile_named
from benchmarks.experiments.isolation import NAME
from benchmarks.experiments.isolation.planning import Plan, drawn, named
from benchmarks.experiments.isolation.run import run
from benchmarks.experiments.isolation.running import Runner
from benchmarks.experiments.isolation.workshop import Workshop
from benchmarks.targets.versions import ReleaseError, resolve, uncommitted

RECORD = "run.json"
PRODUCT = ("monolith", "microservices", "shared")
SHOWN = 3  # files that a refusal names
CATALOGUE: tuple[Fault, ...] = (*FAULTS, *NULLS)


def begin(
    folder: Path, profile: str, seed: int, faults: str, *, catalogue: Sequence[Fault] = CATALOGUE
) -> Plan:
    """Plan a run, and write that down; a folder that was begun must be of the same commit.

    Raises UsageError, FolderError, and ReleaseError for a tree with changes that no commit has.
    """
    profile_named(profile)
    plan = drawn(profile, seed, catalogue)
    if faults:
        plan = Plan(profile, seed, named(faults, catalogue))
    refuse_uncommitted()
    base = resolve("HEAD")
    record = folder / RECORD
    if record.exists():
        known = json.loads(record.read_text(encoding="utf-8"))
        if known.get("base") != base:
            message = (
                f"{folder} is of commit {str(known.get('base'))[:8]}, and this is {base[:8]}: "
                "say another folder, or check that one out."
            )
            raise FolderError(message)
    (folder / "raw").mkdir(parents=True, exist_ok=True)
    _write(record, _new_record(folder, plan, base))
    return plan


def refuse_uncommitted() -> None:
    """ReleaseError where the product has changes that aren't committed."""
    changed = uncommitted(PRODUCT)
    if changed:
        shown = ", ".join(changed[:SHOWN]) + (", …" if len(changed) > SHOWN else "")
        message = (
            f"There are changes that aren't committed ({shown}): faults are planted in a copy of "
            "a commit, so commit or stash them first."
        )
        raise ReleaseError(message)


def go_on(folder: Path, plan: Plan, say: Callable[[str], None]) -> list[str]:
    """Run what the folder doesn't have yet; returns what went wrong. Keeps run.json true."""
    path = folder / RECORD
    record = json.loads(path.read_text(encoding="utf-8"))
    # Servers have sockets below it, and a socket's path may only be short.
    work = Path(tempfile.mkdtemp(prefix="flow-e3-"))
    work.chmod(0o755)  # PostgreSQL is run by nobody
    shop = Workshop(folder, work, record["base"], Runner())
    record["status"] = "interrupted"
    try:
        problems = run(plan, shop, say)
        record["status"] = "complete"
    except (FolderError, ReleaseError, OSError) as error:
        record["status"] = f"stopped: {error}"
        raise
    finally:
        record["finished_at"] = _now()
        _write(path, record)
    return problems


def _new_record(folder: Path, plan: Plan, base: str) -> dict[str, Any]:
    return {
        "raw_version": RAW_VERSION,
        "id": folder.resolve().name,
        "experiment": NAME,
        "profile": plan.profile,
        "seed": plan.seed,
        "base": base,
        "order": plan.names,
        "image": "",
        "core_shared": False,
        "bound_per_second": None,
        "started_at": _now(),
        "resumed_at": [],
        "finished_at": None,
        "status": "running",
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _write(path: Path, document: Any) -> None:
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    draft.replace(path)
