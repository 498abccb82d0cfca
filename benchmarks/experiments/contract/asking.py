"""Asks every gate about every offered change on both sides, and keeps what each gate said."""

import contextlib
import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil

from benchmarks.experiments.changes.committing import commit
from benchmarks.experiments.changes.editing import EditError
from benchmarks.experiments.changes.offers import Kind, Offer
from benchmarks.experiments.contract import FILE
from benchmarks.experiments.contract.gates import Candidate, Verdict, ask, gates_of
from benchmarks.targets.architectures import ARCHITECTURES, REPOSITORY
from benchmarks.targets.errors import ReleaseError, TargetError

AT_ONCE = 3  # on two cores: half of a suite is waiting
INTERRUPTED = "interrupted"
STORE = REPOSITORY / ".run" / "artifacts"
Asked = dict[str, Any]
Ask = Callable[[str, Candidate], Verdict]


def run(
    folder: Path,
    offers: Sequence[Offer],
    base: str,
    say: Callable[[str], None],
    *,
    store: Path = STORE,
    ask_gate: Ask = ask,
) -> list[str]:
    """Ask about every offer that the folder doesn't have; returns what went wrong, in sentences."""
    kept = read(folder)
    done = {(it["change"], it["architecture"]) for it in kept}
    wanted = [
        (offer, architecture)
        for offer in offers
        for architecture in offer.change.edits
        if (offer.change.name, architecture) not in done
    ]
    problems = []
    pool, over = ThreadPoolExecutor(AT_ONCE), threading.Event()

    def ask_unless_over(gate: str, candidate: Candidate) -> Verdict:
        if over.is_set():
            raise ReleaseError(INTERRUPTED)
        return ask_gate(gate, candidate)

    asked: dict[Future[Asked], str] = {
        pool.submit(_asked, offer, architecture, base, store, ask_unless_over): offer.change.name
        for offer, architecture in wanted
    }
    try:
        for number, future in enumerate(as_completed(asked), 1):
            try:
                kept.append(future.result())
            except (TargetError, EditError) as error:
                problems.append(f"{asked[future]}: {error}")
                continue
            _write(folder, base, kept)
            say(f"[{number} of {len(wanted)}] {_line(kept[-1])}")
    except BaseException:
        over.set()
        _end_children()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
    return problems


def _end_children() -> None:
    """End the suites and verifications that run, with the servers that they have started."""
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            process.kill()


def read(folder: Path) -> list[Asked]:
    """What the folder has."""
    path = folder / FILE
    if not path.exists():
        return []
    kept: list[Asked] = json.loads(path.read_text())["changes"]
    return kept


def _asked(offer: Offer, architecture: str, base: str, store: Path, ask_gate: Ask) -> Asked:
    change = offer.change
    (unit,) = change.units[architecture]
    made = commit(change.edits[architecture], change.says, on=base)
    candidate = Candidate(ARCHITECTURES[architecture], unit, base, made, store)
    return {
        "change": change.name,
        "says": change.says,
        "kind": str(offer.kind),
        "seen_by": offer.seen_by,
        "architecture": architecture,
        "unit": unit,
        "gates": [asdict(ask_gate(gate, candidate)) for gate in gates_of(architecture)],
    }


def _line(it: Asked) -> str:
    said = ", ".join(
        f"{gate['gate']} {'stops' if gate['stops'] else 'passes'} in {gate['seconds']:.1f} s"
        for gate in it["gates"]
    )
    fine = any(gate["stops"] for gate in it["gates"]) == (it["kind"] == Kind.BREAKING)
    return f"{it['change']} ({it['kind']}, {it['unit']}): {said}{'' if fine else '  <- wrong'}"


def _write(folder: Path, base: str, kept: Sequence[Asked]) -> None:
    path = folder / FILE
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"base": base, "changes": list(kept)}, indent=1) + "\n")
    fresh.replace(path)
