"""The experiment's entry in `results.json`, `experiments.contract`, from the gates' verdicts."""

import json
from collections.abc import Mapping, Sequence
from importlib.resources.abc import Traversable
from typing import Any

from benchmarks.experiments.catalogue.offers import Kind
from benchmarks.experiments.contract import FILE, TITLE
from benchmarks.experiments.contract.claims import CONTRACT_GATES, SECONDS
from benchmarks.experiments.contract.gates import GATES, gates_of
from benchmarks.experiments.runner.arms import ARCHITECTURES, MONOLITH, SERVICES
from benchmarks.experiments.runner.summary.ratio_claims import judge_pairs

Checked = Mapping[str, Any]


def summarize(results: Traversable) -> dict[str, Any]:
    """Sum up a run's folder. A change counts where both of its sides were checked at every gate."""
    path = results / FILE
    checked = json.loads(path.read_text(encoding="utf-8"))["changes"] if path.is_file() else []
    changes = _changes(checked)
    breaking = [it for it in changes if it["kind"] == Kind.BREAKING]
    claim = judge_pairs(
        SECONDS,
        {
            number: (_first_no(it, MONOLITH), _first_no(it, SERVICES))
            for number, it in enumerate(breaking, 1)
        },
        "s",
    )
    return {
        "title": TITLE,
        "claims": [
            {
                **claim,
                "method": claim["method"].replace("block", "change"),
                "words": claim["words"].replace("block", "change"),
            }
        ],
        "gates": {architecture: gates_of(architecture) for architecture in ARCHITECTURES},
        "counts": {architecture: _counts(changes, architecture) for architecture in ARCHITECTURES},
        "changes": changes,
    }


def _changes(checked: Sequence[Checked]) -> list[dict[str, Any]]:
    """By kind, then by whose consumer would meet it; without what has one side only."""
    by_name: dict[str, dict[str, Checked]] = {}
    for it in checked:
        by_name.setdefault(it["change"], {})[it["architecture"]] = it
    found = [
        {
            **{field: sides[MONOLITH][field] for field in ("says", "kind", "seen_by")},
            "name": name,
            "sides": {
                architecture: {field: sides[architecture][field] for field in ("unit", "gates")}
                for architecture in ARCHITECTURES
            },
        }
        for name, sides in by_name.items()
        if set(sides) == set(ARCHITECTURES)
    ]
    return sorted(found, key=lambda it: (it["kind"], it["sides"][SERVICES]["unit"], it["name"]))


def _stopping(change: Mapping[str, Any], architecture: str) -> list[Mapping[str, Any]]:
    return [gate for gate in change["sides"][architecture]["gates"] if gate["stops"]]


def _first_no(change: Mapping[str, Any], architecture: str) -> float | None:
    return min((gate["seconds"] for gate in _stopping(change, architecture)), default=None)


def _counts(changes: Sequence[Mapping[str, Any]], architecture: str) -> dict[str, Any]:
    """How many of each kind were offered and stopped, by any gate, and by each one by itself."""
    found: dict[str, Any] = {}
    for kind in Kind:
        offered = [it for it in changes if it["kind"] == kind]
        stops = [{gate["gate"] for gate in _stopping(it, architecture)} for it in offered]
        found[str(kind)] = {
            "offered": len(offered),
            "stopped": sum(bool(names) for names in stops),
            "by_contract": sum(bool(names & CONTRACT_GATES) for names in stops),
            "by_gate": {gate: sum(gate in names for names in stops) for gate in GATES},
        }
    return found
