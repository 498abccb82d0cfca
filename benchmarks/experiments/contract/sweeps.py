"""Which changes each profile offers."""

import math
import random
from collections.abc import Sequence

from benchmarks.experiments.catalogue.offers import OFFERS, Kind, Offer

# About, on two cores: a standard run took 28 minutes, a minute for each change and side, most of it
# for the suites. Only the time left that is shown depends on them.
PLANNED_SECONDS = {"smoke": 240.0, "quick": 1440.0, "standard": 1680.0, "full": 3960.0}
# By profile: the share of the catalogue, of each kind
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
