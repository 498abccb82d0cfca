"""Reads that are impossible: of another account's submission, or back in time.

Two reads are only compared where the first had ended before the second began, so requests that
overlap may see either state. Each function yields (submission, sentence).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from http import HTTPStatus

from benchmarks.oracle.history import Event
from benchmarks.targets.measure.inventory import FINAL_STATES

Found = tuple[str | None, str]
_OF_ONE = frozenset({"read", "wait", "result", "image", "delete"})
_EXISTS = frozenset({200, 204, 302, 304, 409})


def foreign_reads(events: Iterable[Event]) -> Iterator[Found]:
    """Yield what an account saw of another account's submission."""
    seen = list(events)
    owners = {event.submission_id: event.account for event in seen if event.accepted}
    for event in seen:
        if event.operation in _OF_ONE and event.status in _EXISTS:
            shown: Collection[str | None] = (event.submission_id,)
        elif event.operation == "list":
            shown = event.listed.keys()
        else:
            continue
        for key in shown:
            if key in owners and owners[key] != event.account:
                text = f"{event.operation} of {key} gave {event.status} to {event.account}"
                yield key, f"{text}; it belongs to {owners[key]}"


def backward_reads(events: Iterable[Event], rows: Collection[str]) -> Iterator[Found]:
    """Yield final states that change, results that change, and reads after a deletion.

    An accepted submission that was never deleted must never be not-found either, unless it has no
    row in the end (`rows`): then it is reported as lost.
    """
    by_submission: defaultdict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.submission_id is not None:
            by_submission[event.submission_id].append(event)
        for key in event.listed:
            by_submission[key].append(event)
    for key, seen in sorted(by_submission.items()):
        seen.sort(key=lambda event: event.started)
        yield from _changed_states(key, seen)
        yield from _changed_digests(key, seen)
        yield from _seen_after_deletion(key, seen)
        if key in rows:
            yield from _missing(key, seen)


def _state(key: str, event: Event) -> str | None:
    """Return the state that an event shows; a result or its absence shows one too."""
    if event.operation == "result":
        if event.status == HTTPStatus.OK:
            return "succeeded"
        return {"recognition-failed": "failed", "result-not-ready": "not final"}.get(
            event.code or ""
        )
    return event.listed.get(key, event.state if event.submission_id == key else None)


def _changed_states(key: str, seen: list[Event]) -> Iterator[Found]:
    final: tuple[float, str] | None = None  # the first final state, and when it was known
    for event in seen:
        # The response to a repeated key is the first one, word for word, and so never a read.
        state = None if event.operation == "submit" else _state(key, event)
        if state is None:
            continue
        if final is not None and event.started > final[0] and state != final[1]:
            yield key, f"{key} was {final[1]} and then {state} ({event.operation})"
        if state in FINAL_STATES and (final is None or event.ended < final[0]):
            final = (event.ended, state)


def _changed_digests(key: str, seen: list[Event]) -> Iterator[Found]:
    for kind in ("result", "image"):
        events = [event for event in seen if event.operation == kind]
        digests = {event.digest for event in events if event.digest is not None}
        if len(digests) > 1:
            yield key, f"{key} gave {len(digests)} different contents of its {kind}"


def _seen_after_deletion(key: str, seen: list[Event]) -> Iterator[Found]:
    ends = [
        event.ended
        for event in seen
        if event.operation == "delete" and event.status == HTTPStatus.NO_CONTENT
    ]
    for event in seen:
        shown = event.operation == "list" or (
            event.operation in _OF_ONE and event.status in _EXISTS
        )
        if shown and ends and event.started > min(ends):
            yield key, f"{key} was deleted, and {event.operation} gave {event.status} afterwards"


def _missing(key: str, seen: list[Event]) -> Iterator[Found]:
    accepted = [event for event in seen if event.accepted]
    deletions = [event.started for event in seen if event.operation == "delete"]
    if not accepted:
        return
    known = min(event.ended for event in accepted)
    for event in seen:
        absent = event.operation in _OF_ONE and event.status == HTTPStatus.NOT_FOUND
        if not absent or event.account != accepted[0].account or event.started < known:
            continue
        if not deletions or event.ended < min(deletions):
            yield key, f"{key} was accepted, and {event.operation} gave 404 afterwards"
