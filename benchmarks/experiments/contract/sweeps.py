"""Which changes each profile offers."""

import math
import random
from collections.abc import Sequence

from benchmarks.experiments.catalogue.offers import OFFERS, Kind, Offer

# By profile: the share of the catalogue, of each kind
# About, on two cores: the committed standard run took 26 minutes. Only the time left that is shown
# depends on them.
PLANNED_SECONDS = {"smoke": 100.0, "quick": 550.0, "standard": 640.0, "full": 1600.0}
SHARES = {"smoke": 0.01, "quick": 1 / 3, "standard": 2 / 5, "full": 1.0}


def drawn(profile: str, seed: int, offers: Sequence[Offer] = OFFERS) -> list[Offer]:
    """Draw a profile's changes: the same share of either kind, one at least, in random order."""
    dice = random.Random(seed)
    found: list[Offer] = []
    for kind in Kind:
        group = [offer for offer in offers if offer.kind == kind]
        found += dice.sample(group, math.ceil(len(group) * SHARES[profile]))
    dice.shuffle(found)
    return found
