"""The owners of a fault: the components whose files it edits."""

from collections.abc import Iterable

from benchmarks.experiments.catalogue.components import CONTRACTS
from benchmarks.experiments.catalogue.edits import Edit
from benchmarks.experiments.isolation.suites import WHOLE
from benchmarks.experiments.runner.arms import MONOLITH

_WHOLE = ("config", "tests")


def owners_of(component: str, edits: Iterable[Edit]) -> tuple[str, ...]:
    """Return the owners. A fault in the contracts is owned by each edited component as well."""
    if component != CONTRACTS:
        return (component,)
    found = {CONTRACTS, *(_component_of(edit.file) for edit in edits)}
    return tuple(sorted(found - {WHOLE}))


def files_of(edits: Iterable[Edit]) -> tuple[str, ...]:
    """Return the files that are edited, each once."""
    return tuple(dict.fromkeys(edit.file for edit in edits))


def _component_of(file: str) -> str:
    top, _, rest = file.partition("/")
    name = rest.partition("/")[0]
    if top == MONOLITH and (name in _WHOLE or "/" not in rest):
        return WHOLE
    return name if top in ("monolith", "microservices", "shared") else WHOLE
