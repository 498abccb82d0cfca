"""What can fail: the process types of either architecture, and what both have beneath them.

The names are those of `benchmarks.targets`; a test holds them against the units' Procfiles.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.experiments.runner.arms import MONOLITH, SERVICES

KILL, STALL = "kill", "stall"


@dataclass(frozen=True, slots=True)
class Component:
    """One component: the name that `Target.kill` takes, and the label in the report.

    `kind` is what the process does, whatever unit it belongs to. `same_code` names the monolith's
    process that runs the same code; it is empty for what both architectures have alike.
    """

    process: str
    label: str
    kind: str
    same_code: str = ""


PROCESSES: Mapping[str, tuple[Component, ...]] = {
    MONOLITH: (
        Component("monolith-web", "web", "web", "monolith-web"),
        Component("monolith-worker", "worker", "worker", "monolith-worker"),
        Component("monolith-sweeper", "sweeper", "sweeper", "monolith-sweeper"),
    ),
    SERVICES: (
        Component("accounts-web", "accounts web", "web", "monolith-web"),
        Component("submissions-web", "submissions web", "web", "monolith-web"),
        Component("recognition-worker", "recognition worker", "worker", "monolith-worker"),
        # It stores what the worker found, which the monolith's worker does by itself.
        Component("submissions-consumer", "submissions consumer", "consumer", "monolith-worker"),
        Component("submissions-sweeper", "submissions sweeper", "sweeper", "monolith-sweeper"),
    ),
}
BACKING = (
    Component("postgres", "PostgreSQL", "postgres"),
    Component("valkey", "Valkey", "valkey"),
    Component("s3", "object store", "s3"),
    Component("dynamodb", "DynamoDB", "dynamodb"),
    Component("edge", "edge", "edge"),
)
SHARED_KINDS = ("web", "worker", "sweeper")  # process types that both architectures have


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to a component: it is killed or stalled."""

    how: str
    component: Component

    @property
    def name(self) -> str:
        """The fault as an arm lists it: "kill monolith-web"."""
        return f"{self.how} {self.component.process}"


_KNOWN = {it.process: it for it in (*PROCESSES[MONOLITH], *PROCESSES[SERVICES], *BACKING)}


def fault_named(name: str) -> Fault:
    """Read a fault's name; KeyError for an unknown component, ValueError for another form."""
    how, process = name.split()
    if how not in {KILL, STALL}:
        message = f"a component is killed or stalled, not {how!r}"
        raise ValueError(message)
    return Fault(how, _KNOWN[process])


def fault_names(how: str, components: tuple[Component, ...]) -> tuple[str, ...]:
    """Return the names of the faults that are this failure of each of these components."""
    return tuple(Fault(how, it).name for it in components)
