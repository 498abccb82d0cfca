"""The check of a target: a history and an inventory in, violations out. Pure.

The load must have ended, and the target must have had its time to finish.

- lost: a submission was accepted, and has no row; or it succeeded, and its result or image is gone
- doubled: one key gave two ids; an account has more rows than it sent requests that may have
  made one; two result documents are of one submission
- misplaced: a row, a read or a result is another account's or another submission's
- stale: a read goes back in time (see `reads`)
- leaked: something is stored whose submission doesn't exist, was deleted, or has no need of it
- unfinished: a row that isn't final
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal, get_args

from benchmarks.oracle.history import History
from benchmarks.oracle.reads import backward_reads, foreign_reads
from benchmarks.targets.measure.inventory import FINAL_STATES, Inventory

Kind = Literal["lost", "doubled", "misplaced", "stale", "leaked", "unfinished"]
# The statuses of a deletion that succeeded: now, or at an earlier try.
_GONE = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_FOUND})
VIOLATION_KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, order=True)
class Violation:
    """One violation: its kind, the submission (None if it isn't about one), and a sentence."""

    kind: Kind
    submission_id: str | None
    text: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


def check(history: History, inventory: Inventory) -> list[Violation]:
    """Return every violation, in the order of the kinds; empty if there is none.

    Rows whose 202 never reached the client are no violation, but each must be final and complete.
    """
    found = [
        *_lost(history, inventory),
        *_doubled_ids(history),
        *_doubled_rows(history, inventory),
        *_documents(inventory),
        *_misplaced(history, inventory),
        *(Violation("misplaced", *it) for it in foreign_reads(history.events)),
        *(Violation("stale", *it) for it in backward_reads(history.events, set(inventory.rows))),
        *_leaked(history, inventory),
        *_unfinished(inventory),
    ]
    return sorted(found, key=lambda violation: VIOLATION_KINDS.index(violation.kind))


def _lost(history: History, inventory: Inventory) -> Iterator[Violation]:
    """Yield accepted submissions without a row, unless their deletion was requested."""
    deletable = {
        event.submission_id
        for event in history
        if event.operation == "delete" and (event.uncertain or event.status in _GONE)
    }
    for key in sorted(set(history.accepted) - deletable - set(inventory.rows)):
        yield Violation("lost", key, f"{key} was accepted and has no row")
    succeeded = {key for key, row in inventory.rows.items() if row.state == "succeeded"}
    for kind, keys in (("result", inventory.results), ("image", inventory.images)):
        for key in sorted(succeeded - set(keys)):
            yield Violation("lost", key, f"{key} succeeded and its {kind} is gone")


def _doubled_ids(history: History) -> Iterator[Violation]:
    ids: defaultdict[tuple[str | None, str], set[str]] = defaultdict(set)
    for event in history:
        if event.accepted and event.key is not None and event.submission_id is not None:
            ids[event.account, event.key].add(event.submission_id)
    for (account, key), several in sorted(ids.items(), key=str):
        if len(several) > 1:
            names = ", ".join(sorted(several))
            yield Violation("doubled", min(several), f"key {key} of {account} gave {names}")


def _doubled_rows(history: History, inventory: Inventory) -> Iterator[Violation]:
    """Yield accounts with more rows than requests that may have created one."""
    allowed: Counter[str | None] = Counter()
    keys: set[tuple[str | None, str]] = set()
    signed_up = {event.account for event in history if event.account is not None}
    for event in history:
        if event.operation != "submit" or not (event.accepted or event.uncertain):
            continue
        if event.key is not None:
            if (event.account, event.key) in keys:
                continue
            keys.add((event.account, event.key))
        allowed[event.account] += 1
    rows = Counter(row.account_id for row in inventory.rows.values())
    for account in sorted(signed_up):
        if rows[account] > allowed[account]:
            text = f"{account} has {rows[account]} rows of {allowed[account]} requests"
            yield Violation("doubled", None, text)


def _documents(inventory: Inventory) -> Iterator[Violation]:
    """Yield result documents that are another submission's, or one of several."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for place, named in inventory.documents.items():
        places[named].append(place)
        if place in inventory.results and place != named:
            yield Violation("misplaced", place, f"the result of {place} is the one of {named}")
    for named, several in sorted(places.items()):
        if len(several) > 1:
            text = f"{named} has {len(several)} results: {', '.join(sorted(several))}"
            yield Violation("doubled", named, text)


def _misplaced(history: History, inventory: Inventory) -> Iterator[Violation]:
    owners = history.accepted
    for key, row in inventory.rows.items():
        if key in owners and row.account_id != owners[key]:
            text = f"{key} belongs to {row.account_id}, not {owners[key]}"
            yield Violation("misplaced", key, text)


def _leaked(history: History, inventory: Inventory) -> Iterator[Violation]:
    rows = inventory.rows
    for key in sorted(history.deleted & set(rows)):
        yield Violation("leaked", key, f"{key} was deleted and has a row")
    for kind, keys in (("result", inventory.results), ("image", inventory.images)):
        for key in sorted(set(keys) - set(rows)):
            yield Violation("leaked", key, f"{kind} of {key}, which has no row")
    for key in sorted(set(inventory.results) & set(rows)):
        if rows[key].state == "failed":
            yield Violation("leaked", key, f"result of {key}, which failed")
    for key in inventory.uploads:
        if key not in rows:
            yield Violation("leaked", key, f"upload of {key}, which has no row")
        elif rows[key].state == "succeeded":
            yield Violation("leaked", key, f"upload of {key}, which succeeded")
    for place in inventory.strays:
        yield Violation("leaked", None, f"object {place}, of an unknown kind")


def _unfinished(inventory: Inventory) -> Iterator[Violation]:
    for key, row in inventory.rows.items():
        if row.state not in FINAL_STATES:
            yield Violation("unfinished", key, f"{key} is {row.state}")
