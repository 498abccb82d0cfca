"""The catalogue of the contract experiment: changes that break a consumer, and compatible ones.

Each changes one service, and the monolith equally. Where services send each other a message or a
request, the monolith calls a function: its change renames or removes the same on the called side,
and leaves the caller as it is.

A compatible change includes the unit's own descriptions and tests, so that its suite stays green. A
breaking one includes `openapi.yaml` alone: which of the rest fails is what is measured.
"""

from dataclasses import dataclass
from enum import StrEnum

from benchmarks.experiments.catalogue.changes import EXPERIMENTS, Change, load
from benchmarks.experiments.catalogue.components import ACCOUNTS, RECOGNITION, SUBMISSIONS

FOLDER = EXPERIMENTS / "contract" / "catalogue"
PAGE = "the page"
CONSUMERS = (PAGE, ACCOUNTS, SUBMISSIONS, RECOGNITION)


class Kind(StrEnum):
    """What a change does to the consumers of what it changes."""

    COMPATIBLE = "compatible"  # all that a consumer uses stays
    BREAKING = "breaking"  # a running consumer requests or reads what is gone


@dataclass(frozen=True, slots=True)
class Offer:
    """A change to the contract; `seen_by` is the consumer that a break would reach."""

    change: Change
    kind: Kind
    seen_by: str


OFFERS: tuple[Offer, ...] = tuple(
    Offer(entry.change, Kind(entry.own["kind"]), entry.own["consumer"])
    for entry in load(FOLDER, {"kind": tuple(Kind), "consumer": CONSUMERS})
)
