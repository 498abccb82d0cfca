"""The catalogue of the deploy experiment: what is released, and how each release has to end."""

from dataclasses import dataclass
from enum import StrEnum

from benchmarks.experiments.catalogue.changes import EXPERIMENTS, Change, load

FOLDER = EXPERIMENTS / "deploy" / "catalogue"
STEADY = "steady"  # the version that serves, released again and again: `steady accounts 20`


class Ends(StrEnum):
    """How a release is meant to end."""

    SERVES = "serves"
    NEVER_READY = "never ready"  # ends by itself, and what served before serves
    WRONG_ANSWERS = "wrong answers"  # the canary finds them before a client does


@dataclass(frozen=True, slots=True)
class Scenario:
    """One change that is released, or two at once by two teams, and how that is meant to end.

    Of two, the later is committed on top of the earlier, and both are released at the same moment:
    where both are of one unit, one waits for the other.
    """

    name: str
    title: str
    changes: tuple[Change, ...]
    ends: Ends = Ends.SERVES


_CHANGES = {entry.change.name: entry.change for entry in load(FOLDER, {})}
COLUMN = _CHANGES["column-added"]


def _scenario(name: str, title: str, *changes: str, ends: Ends = Ends.SERVES) -> Scenario:
    """Make a scenario of the change of its name, or of those that are named."""
    return Scenario(name, title, tuple(_CHANGES[it] for it in changes or (name,)), ends)


SCENARIOS = (
    _scenario("recognizer-upgrade", "a new recognizer"),
    _scenario("field-added", "the API gains a field"),
    _scenario("column-added", "a column more"),
    _scenario("dependency-bumped", "another version of a library"),
    _scenario("secret-rotation", "secrets that rotate sooner"),
    _scenario("never-ready", "a release that never gets ready", ends=Ends.NEVER_READY),
    _scenario("wrong-answers", "a wrong answer", ends=Ends.WRONG_ANSWERS),
    _scenario("two-teams", "two releases at once", "secret-rotation", "field-added"),
)
