"""The experiment's entry in `results.json`, `experiments.contract`, from the gates' verdicts."""

from collections.abc import Sequence
from importlib.resources.abc import Traversable

from benchmarks.experiments.catalogue.offers import Kind
from benchmarks.experiments.contract import TITLE
from benchmarks.experiments.contract.checked_changes import Checked, read
from benchmarks.experiments.contract.claims import CONTRACT_GATES, SECONDS
from benchmarks.experiments.contract.gates import GATES
from benchmarks.experiments.contract.stops import ALTERNATIVES, pair
from benchmarks.experiments.runner.arms import ARCHITECTURES, MONOLITH, SERVICES
from benchmarks.experiments.runner.summary.judged_claims import Measured, judge_claims
from benchmarks.results_model.contract import (
    Change,
    ChangeCounts,
    ChangeSide,
    ContractResults,
    CountsByKind,
    GateVerdict,
)


def summarize(results: Traversable) -> ContractResults:
    """Sum up a run's folder. A change counts where both of its sides were checked at every gate."""
    changes = _changes(read(results))
    offered = (change for change in changes if change.kind == str(Kind.BREAKING))
    breaking = dict(enumerate(offered, 1))
    seconds = Measured(
        SECONDS,
        {number: pair(change) for number, change in breaking.items()},
        alternatives={
            variation: {number: measure(change) for number, change in breaking.items()}
            for variation, measure in ALTERNATIVES.items()
        },
        per="change",
    )
    return ContractResults(
        title=TITLE,
        claims=judge_claims([seconds]),
        gates={architecture: _gates(changes, architecture) for architecture in ARCHITECTURES},
        counts={
            architecture: CountsByKind(
                compatible=_counts(changes, Kind.COMPATIBLE, architecture),
                breaking=_counts(changes, Kind.BREAKING, architecture),
            )
            for architecture in ARCHITECTURES
        },
        changes=changes,
    )


def _changes(checked: Sequence[Checked]) -> list[Change]:
    """Return changes by kind, then by whose consumer would meet it; not those with one side."""
    by_name: dict[str, dict[str, Checked]] = {}
    for side in checked:
        by_name.setdefault(side["change"], {})[side["architecture"]] = side
    found = [
        Change(
            name=name,
            description=sides[MONOLITH]["description"],
            kind=sides[MONOLITH]["kind"],
            seen_by=sides[MONOLITH]["seen_by"],
            sides={architecture: _side(sides[architecture]) for architecture in ARCHITECTURES},
        )
        for name, sides in by_name.items()
        if set(sides) == set(ARCHITECTURES)
    ]
    return sorted(found, key=lambda change: (change.kind, change.sides[SERVICES].unit, change.name))


def _side(checked: Checked) -> ChangeSide:
    return ChangeSide(
        unit=checked["unit"],
        gates=[
            GateVerdict(
                gate=gate["gate"],
                stops=gate["stops"],
                seconds=gate["seconds"],
                output=gate["output"],
            )
            for gate in checked["gates"]
        ],
    )


def _stopping(change: Change, architecture: str) -> list[GateVerdict]:
    return [gate for gate in change.sides[architecture].gates if gate.stops]


def _gates(changes: Sequence[Change], architecture: str) -> list[str]:
    """Return the gates that were run on an architecture's changes; all where nothing was run."""
    ran = {gate.gate for change in changes for gate in change.sides[architecture].gates}
    return [gate for gate in GATES if gate in ran or not changes]


def _counts(changes: Sequence[Change], kind: Kind, architecture: str) -> ChangeCounts:
    """Count what was offered and stopped, by any gate, and by each one by itself."""
    offered = [change for change in changes if change.kind == str(kind)]
    stops = [{gate.gate for gate in _stopping(change, architecture)} for change in offered]
    return ChangeCounts(
        offered=len(offered),
        stopped=sum(bool(names) for names in stops),
        by_contract=sum(bool(names & CONTRACT_GATES) for names in stops),
        by_gate={gate: sum(gate in names for names in stops) for gate in GATES},
    )
