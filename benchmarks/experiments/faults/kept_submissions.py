"""Counts of what was accepted and kept, lost, doubled or left over.

The client's record, each request to submit, is held against what the target's stores hold when the
load is over and has drained, by the oracle that the fault tests use.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from benchmarks.analysis.trials import Call
from benchmarks.oracle import Event, History, Violation, check
from benchmarks.targets.measure.inventory import FINAL_STATES, Inventory, Row

_ANY_ACCOUNT = "any"  # the load's rows don't name their account


@dataclass(frozen=True, slots=True)
class Kept:
    """Counts of one trial. All but `accepted`, `failed` and `orphan_uploads` should be 0.

    `lost` are accepted submissions without a row, without their own objects, or never final.
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
    """Return whether all rows are final and no finished submission still has its upload."""
    states: Mapping[str, str] = stores["rows"]
    finished = {key for key, state in states.items() if state == "succeeded"}
    return set(states.values()) <= FINAL_STATES and not finished & set(stores["uploads"])


def kept(stores: Mapping[str, Any], submits: Iterable[Call]) -> Kept:
    """Hold the requests to submit against the stores.

    `stores` has `rows` (state by id) and the ids of `results`, `images` and `uploads`, and `strays`
    (keys of no known form), and `documents` (the submission that each result names, by the result's
    id). A request without an accepting response may have made a row or not.
    """
    history = History()
    for call in submits:
        history.record(
            Event(
                operation="submit",
                started=call.intended_at,
                ended=call.ended_at,
                account=_ANY_ACCOUNT,
                submission_id=None if call.failed else call.submission_id,
                status=None if call.failed else HTTPStatus.ACCEPTED,
            )
        )
    states: Mapping[str, str] = stores["rows"]
    accepted = set(history.accepted)
    orphans = set(stores["uploads"]) - set(states)
    inventory = Inventory(
        rows={key: Row(state, _ANY_ACCOUNT) for key, state in states.items()},
        results=tuple(stores["results"]),
        images=tuple(stores["images"]),
        uploads=tuple(key for key in stores["uploads"] if key not in orphans),
        strays=tuple(stores["strays"]),
        documents=stores["documents"],
    )
    found = check(history, inventory)
    return Kept(
        accepted=len(accepted),
        lost=len(
            {it.submission_id for it in found if it.kind in {"lost", "misplaced", "unfinished"}}
            & accepted
        ),
        doubled=_doubled(found, rows=len(states), sent=len(history.events)),
        leaked=sum(it.kind == "leaked" for it in found),
        orphan_uploads=len(orphans),
        failed=sum(states.get(key) == "failed" for key in accepted),
    )


def _doubled(found: Iterable[Violation], *, rows: int, sent: int) -> int:
    """The oracle names an account once, however many rows it has too many."""
    return max(rows - sent, 1) if any(it.kind == "doubled" for it in found) else 0
