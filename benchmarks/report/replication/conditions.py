"""The conditions of two runs, and which of them differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.report.formats import NONE
from benchmarks.results_model.document import ResultsDocument
from benchmarks.results_model.edge import EdgeResults
from benchmarks.results_model.experiments import TrialResults
from benchmarks.results_model.faults import FaultsResults

CHANCE = frozenset({"load average before"})  # always differs and isn't a chosen condition
COMMIT = "source commit"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of both runs, as text."""

    name: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        """Whether the runs differ in it by choice."""
        return self.name not in CHANCE and self.first != self.second


def conditions(first: ResultsDocument, second: ResultsDocument) -> list[Condition]:
    """Return all conditions of two runs of one experiment."""
    both = [dict(_conditions(document)) for document in (first, second)]
    return [
        Condition(name, both[0].get(name, NONE), both[1].get(name, NONE))
        for name in dict.fromkeys([*both[0], *both[1]])
    ]


def _conditions(document: ResultsDocument) -> Iterator[tuple[str, str]]:
    run, results = document.run, document.results
    for name in ("profile", "image", "core_shared", "status"):
        yield f"run {name}".replace("_", " "), str(getattr(run, name))
    yield from _flat(document.environment, "")
    if isinstance(results, TrialResults | FaultsResults | EdgeResults):
        for sweep in results.sweeps:
            yield f"{sweep.name} blocks", str(sweep.blocks)
    if isinstance(results, TrialResults):
        for sweep in results.sweeps:
            yield f"{sweep.name} seconds of a trial", f"{sweep.seconds:g}"


def _flat(values: Mapping[str, Any], before: str) -> Iterator[tuple[str, str]]:
    """Yield nested values under names of several words."""
    for key, value in values.items():
        name = f"{before}{key}".replace("_", " ")
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name} ")
        elif isinstance(value, list):
            texts = (f"{one:.2f}" if isinstance(one, float) else str(one) for one in value)
            yield name, ", ".join(texts)
        else:
            yield name, str(value)
