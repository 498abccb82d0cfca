"""From a results folder to a run in it: which changes are offered, on top of which commit."""

import math
import random
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.experiments.changes.contract import OFFERS
from benchmarks.experiments.changes.offers import Kind, Offer
from benchmarks.experiments.contract import NAME
from benchmarks.experiments.contract.asking import run
from benchmarks.experiments.engine.cores import split_cores
from benchmarks.experiments.engine.environment import describe
from benchmarks.experiments.engine.errors import FolderError
from benchmarks.experiments.engine.folder import ResultsFolder
from benchmarks.experiments.engine.unloaded import RECORD, new_record, now
from benchmarks.targets.git import resolve

# By profile: the share of the catalogue, of each kind
SHARES = {"smoke": 0.01, "quick": 1 / 3, "standard": 1.0, "full": 1.0}


def run_in(folder: Path, profile: str, seed: int, say: Callable[[str], None]) -> list[str]:
    """Run it in a new folder, or go on with one that was begun; returns what went wrong.

    Raises FolderError for a folder that was begun on another commit.
    """
    base = resolve("HEAD")
    results = ResultsFolder(folder)
    if (folder / RECORD).exists():
        record = results.read_json(RECORD)
        if record["base"] != base:
            message = (
                f"{folder} offers changes of commit {record['base'][:8]}, and {base[:8]} is checked"
                " out: check that one out, or begin a new run."
            )
            raise FolderError(message)
        record |= {"resumed_at": [*record["resumed_at"], now()], "status": "interrupted"}
    else:
        order = [offer.change.name for offer in drawn(profile, seed)]
        record = new_record(folder, NAME, profile=profile, seed=seed, base=base, order=order)
        record["status"] = "interrupted"
        results.write_json("environment.json", describe(split_cores(share=True)))
    results.write_json(RECORD, record)
    offers = [offer for offer in OFFERS if offer.change.name in record["order"]]
    say(f"{NAME}: {len(offers)} changes on both sides (seed {record['seed']}). Ctrl-C keeps all.")
    try:
        problems = run(folder, offers, base, say)
        record["status"] = "complete"
    finally:
        record["finished_at"] = now()
        results.write_json(RECORD, record)
    return problems


def drawn(profile: str, seed: int, offers: Sequence[Offer] = OFFERS) -> list[Offer]:
    """Draw a profile's changes: the same share of either kind, one at least, in random order."""
    dice = random.Random(seed)
    found: list[Offer] = []
    for kind in Kind:
        group = [offer for offer in offers if offer.kind == kind]
        found += dice.sample(group, math.ceil(len(group) * SHARES[profile]))
    dice.shuffle(found)
    return found
