"""Whether everything that was accepted was kept: nothing lost, nothing doubled, nothing left over.

The client's record, each submission that was accepted, is held against what the target's stores
hold when the load is over and has drained.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

FINAL_STATES = frozenset({"succeeded", "failed"})


@dataclass(frozen=True, slots=True)
class Kept:
    """Counts of one trial. All but `accepted`, `failed` and `orphan_uploads` should be 0.

    `lost` are accepted submissions without a row, without their objects, or never final.
    `doubled` are rows beyond the requests that were sent. `leaked` are objects that belong to no
    submission, and uploads that outlived their use. `orphan_uploads` belong to requests that were
    cut off before their row was written; they are removed after a grace time, which a trial doesn't
    wait for. `failed` are accepted submissions whose final state is failed.
    """

    accepted: int
    lost: int
    doubled: int
    leaked: int
    orphan_uploads: int
    failed: int


def is_settled(stores: Mapping[str, Any]) -> bool:
    """Whether all rows are final and no finished submission still has its upload."""
    states: Mapping[str, str] = stores["rows"]
    finished = {key for key, state in states.items() if state == "succeeded"}
    return set(states.values()) <= FINAL_STATES and not finished & set(stores["uploads"])


def kept(stores: Mapping[str, Any], accepted: Collection[str], *, sent: int) -> Kept:
    """Hold the record against the stores.

    `stores` has `rows` (state by id) and the ids of `results`, `images` and `uploads`, and `strays`
    (keys of no known form). `sent` is how many requests to submit were sent in all, so that a row
    whose response never reached the client counts for nothing.
    """
    states: Mapping[str, str] = stores["rows"]
    known, promised = set(states), set(accepted)
    objects = {name: set(stores[name]) for name in ("results", "images", "uploads")}
    done = {key for key, state in states.items() if state == "succeeded"}
    incomplete = done - (objects["results"] & objects["images"])
    unfinished = {key for key, state in states.items() if state not in FINAL_STATES}
    failed = {key for key, state in states.items() if state == "failed"}
    return Kept(
        accepted=len(promised),
        lost=len((promised - known) | (promised & (incomplete | unfinished))),
        doubled=max(0, len(known) - sent),
        leaked=len(objects["results"] - done)
        + len(objects["images"] - known)
        + len(objects["uploads"] & done)
        + len(stores["strays"]),
        orphan_uploads=len(objects["uploads"] - known),
        failed=len(failed & promised),
    )
