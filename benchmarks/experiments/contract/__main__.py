"""Offers every change to both architectures, gate by gate, and keeps what each gate said.

`python -m benchmarks.experiments.contract RESULTS_DIR [CHANGE,…]`: what is in the folder's
`contract.json` already isn't asked again.
"""

import json
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.experiments.changes.committing import commit
from benchmarks.experiments.changes.contract import OFFERS, Kind, Offer
from benchmarks.experiments.changes.editing import EditError
from benchmarks.experiments.contract.gates import GATES, STRUCTURE, Candidate, Verdict, ask
from benchmarks.targets.architectures import ARCHITECTURES, REPOSITORY
from benchmarks.targets.versions import ReleaseError, resolve

AT_ONCE = 2
FILE = "contract.json"
STORE = REPOSITORY / ".run" / "artifacts"
Asked = dict[str, Any]


def main(arguments: Sequence[str]) -> int:
    """Run it; the status is 1 where a change could not be asked about, 2 for a wrong call."""
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    known = {offer.change.name: offer for offer in OFFERS}
    named = arguments[1].split(",") if len(arguments) > 1 else list(known)
    unknown = [name for name in named if name not in known]
    if unknown:
        print(f"There is no change {unknown[0]!r}: there is {', '.join(known)}.", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    return 1 if run(folder, [known[name] for name in named]) else 0


def run(folder: Path, offers: Sequence[Offer], *, store: Path = STORE) -> list[str]:
    """Ask every gate about every offer that the folder doesn't have; returns what went wrong."""
    base = resolve("HEAD")
    kept: list[Asked] = _read(folder / FILE, base)
    done = {(it["change"], it["architecture"]) for it in kept}
    left = [
        (offer, architecture)
        for offer in offers
        for architecture in offer.change.edits
        if (offer.change.name, architecture) not in done
    ]
    problems = []
    pool = ThreadPoolExecutor(AT_ONCE)
    asked: dict[Future[Asked], str] = {
        pool.submit(_asked, offer, architecture, base, store): offer.change.name
        for offer, architecture in left
    }
    try:
        for number, future in enumerate(as_completed(asked), 1):
            try:
                kept.append(future.result())
            except (ReleaseError, EditError) as error:
                problems.append(f"{asked[future]}: {error}")
                continue
            _write(folder / FILE, base, kept)
            print(f"[{number} of {len(left)}] {_line(kept[-1])}", flush=True)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return problems


def _asked(offer: Offer, architecture: str, base: str, store: Path) -> Asked:
    change = offer.change
    (unit,) = change.units[architecture]
    made = commit(change.edits[architecture], change.says, on=base)
    candidate = Candidate(ARCHITECTURES[architecture], unit, base, made, store)
    verdicts: list[Verdict] = []
    for gate in GATES:
        if gate == STRUCTURE and not _describes(architecture):
            continue
        verdicts.append(ask(gate, candidate))
    return {
        "change": change.name,
        "says": change.says,
        "kind": str(offer.kind),
        "seen_by": offer.seen_by,
        "architecture": architecture,
        "unit": unit,
        "gates": [asdict(verdict) for verdict in verdicts],
    }


def _describes(architecture: str) -> bool:
    """Whether the architecture's units keep descriptions of their own that can be compared."""
    return architecture != "monolith"


def counts(asked: Sequence[Asked]) -> dict[str, dict[str, int]]:
    """By architecture: breaking ones and how many were stopped, compatible ones and how many."""
    found: dict[str, dict[str, int]] = {}
    for it in asked:
        of = found.setdefault(
            it["architecture"],
            dict.fromkeys(("breaking", "breaking_stopped", "compatible", "compatible_stopped"), 0),
        )
        stopped = any(gate["stops"] for gate in it["gates"])
        of[it["kind"]] += 1
        of[f"{it['kind']}_stopped"] += stopped
    return found


def _line(it: Asked) -> str:
    said = ", ".join(
        f"{gate['gate']} {'STOPS' if gate['stops'] else 'passes'} in {gate['seconds']:.1f} s"
        for gate in it["gates"]
    )
    fine = any(gate["stops"] for gate in it["gates"]) == (it["kind"] == Kind.BREAKING)
    return f"{it['change']} ({it['kind']}, {it['unit']}): {said}{'' if fine else '  <-- !'}"


def _read(path: Path, base: str) -> list[Asked]:
    if not path.exists():
        return []
    document = json.loads(path.read_text())
    if document["base"] != base:
        message = f"{path} is of commit {document['base'][:8]}: say another folder."
        raise ReleaseError(message)
    kept: list[Asked] = document["changes"]
    return kept


def _write(path: Path, base: str, kept: Sequence[Asked]) -> None:
    fresh = path.with_suffix(".new")
    document = {"base": base, "counts": counts(kept), "changes": list(kept)}
    fresh.write_text(json.dumps(document, indent=1) + "\n")
    fresh.replace(path)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ReleaseError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
