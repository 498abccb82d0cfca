"""The catalogue of the isolation experiment: realistic mistakes, each on both sides."""

from dataclasses import dataclass

from benchmarks.experiments.catalogue.changes import EXPERIMENTS, Change, load

FOLDER = EXPERIMENTS / "isolation" / "catalogue"
NULL = "null"  # the kind of a change that is no fault: it rewords a comment


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake in one component, in the monolith and in the services.

    `kind` is a slug of what goes wrong ("off-by-one", "field-renamed"), the same on both sides.
    """

    change: Change
    kind: str

    @property
    def name(self) -> str:
        """The id of its change."""
        return self.change.name

    @property
    def component(self) -> str:
        """The component that the mistake is made in."""
        return self.change.component

    @property
    def simulates(self) -> str:
        """Whose mistake it stands for and why both sides have an equal one, in two sentences."""
        return f"{self.change.simulates} {self.change.equivalence}"


_ALL = tuple(Fault(entry.change, entry.own["kind"]) for entry in load(FOLDER, {"kind": ()}))
FAULTS: tuple[Fault, ...] = tuple(fault for fault in _ALL if fault.kind != NULL)
# One for each component that rewords a comment: no test may fail.
NULLS: tuple[Fault, ...] = tuple(fault for fault in _ALL if fault.kind == NULL)
