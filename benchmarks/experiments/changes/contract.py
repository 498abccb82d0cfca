"""The catalogue of changes to the contract: those that nobody notices, and those that break.

Each is what somebody would do to one service, and the equal one to the monolith. Where services
send each other a message or ask over HTTP, the monolith calls a function: its equal renames or
removes the same on the side that gives it, and leaves the side that takes it alone.

With a compatible change go the unit's own descriptions and tests, so that its suite stays green.
With a breaking one goes `openapi.yaml` alone: what turns red of the rest is what is measured.
"""

from benchmarks.experiments.changes import (
    contract_breaking,
    contract_breaking_accounts,
    contract_breaking_inside,
    contract_compatible,
    contract_compatible_accounts,
    contract_compatible_inside,
)
from benchmarks.experiments.changes.editing import Change
from benchmarks.experiments.changes.offers import Kind, Offer

__all__ = ["CHANGES", "OFFERS", "Kind", "Offer"]

OFFERS: tuple[Offer, ...] = (
    *contract_compatible.OFFERS,
    *contract_compatible_accounts.OFFERS,
    *contract_compatible_inside.OFFERS,
    *contract_breaking.OFFERS,
    *contract_breaking_accounts.OFFERS,
    *contract_breaking_inside.OFFERS,
)
CHANGES: tuple[Change, ...] = tuple(offer.change for offer in OFFERS)
