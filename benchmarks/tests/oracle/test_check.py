"""The check on plain data: each kind of violation is planted, and is the one found."""

import dataclasses
from typing import Any

import pytest

from benchmarks.oracle import VIOLATION_KINDS, Event, History, check
from benchmarks.targets.measure.inventory import Inventory, Row

A, B, C = (f"00000000-0000-7000-8000-00000000000{n}" for n in range(3))
SOUND = Inventory(
    rows={A: Row("succeeded", "ann"), B: Row("failed", "bob")},
    results=(A,),
    images=(A, B),
    uploads=(),
    documents={A: A},
)


def event(operation: str, at: float, **what: Any) -> Event:
    """An event that takes a tenth of a second."""
    return Event(operation, at, at + 0.1, **what)  # type: ignore[arg-type]


def submitted(submission_id: str, account: str, at: float = 0.0, key: str | None = None) -> Event:
    return event("submit", at, account=account, key=key, submission_id=submission_id, status=202)


def read(submission_id: str, account: str, at: float, state: str) -> Event:
    return event("read", at, account=account, submission_id=submission_id, status=200, state=state)


def deletion(submission_id: str, at: float, status: int | None) -> Event:
    return event("delete", at, account="ann", submission_id=submission_id, status=status)


BASE = (submitted(A, "ann", key="k1"), submitted(B, "bob", key="k2"))
GONE = dataclasses.replace(SOUND, rows={B: SOUND.rows[B]}, results=(), images=(B,), documents={})


def history_of(*events: Event) -> History:
    history = History()
    for one in events:
        history.record(one)
    return history


def kinds(*more: Event, inventory: Inventory = SOUND) -> list[tuple[str, str | None]]:
    return [(it.kind, it.submission_id) for it in check(history_of(*BASE, *more), inventory)]


def test_kept_promises_give_no_violation() -> None:
    assert kinds(read(A, "ann", 1, "pending"), read(A, "ann", 2, "succeeded")) == []


def test_a_row_whose_response_never_arrived_is_no_fault() -> None:
    more = dataclasses.replace(SOUND, rows={**SOUND.rows, C: Row("failed", "ann")})
    broken = event("submit", 3, account="ann", key="k3")
    assert kinds(broken, inventory=more) == []


def test_a_repeated_key_allows_no_second_row() -> None:
    more = dataclasses.replace(SOUND, rows={**SOUND.rows, C: Row("failed", "ann")})
    again = event("submit", 3, account="ann", key="k1")
    assert kinds(again, inventory=more) == [("doubled", None)]


def test_a_deletion_without_a_response_may_have_happened_or_not() -> None:
    assert kinds(deletion(A, 5, None), inventory=GONE) == []
    assert kinds(deletion(A, 5, None)) == []


def test_what_was_deleted_is_gone() -> None:
    assert kinds(deletion(A, 5, 204), inventory=GONE) == []


def test_requests_that_overlap_may_see_either_state() -> None:
    first = Event("read", 1, 3, account="ann", submission_id=A, status=200, state="succeeded")
    second = Event("read", 2, 2.5, account="ann", submission_id=A, status=200, state="pending")
    assert kinds(first, second) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        # An early acknowledgement: a 202 whose row was never committed.
        ({"rows": {A: SOUND.rows[A]}, "images": (A,)}, ("lost", B)),
        ({"results": (), "documents": {}}, ("lost", A)),
        ({"images": (B,)}, ("lost", A)),
        # A dropped outbox row: no message was ever sent for it.
        ({"rows": {**SOUND.rows, B: Row("pending", "bob")}}, ("unfinished", B)),
        ({"rows": {**SOUND.rows, A: Row("succeeded", "cleo")}}, ("misplaced", A)),
        # A doubled row under one key, and a doubled result.
        ({"rows": {**SOUND.rows, C: Row("failed", "bob")}}, ("doubled", None)),
        ({"documents": {A: A, "again": A}}, ("doubled", A)),
        ({"documents": {A: B}}, ("misplaced", A)),
        # Leaked objects, of each kind.
        ({"results": (A, B)}, ("leaked", B)),
        ({"results": (A, C)}, ("leaked", C)),
        ({"images": (A, B, C)}, ("leaked", C)),
        ({"uploads": (C,)}, ("leaked", C)),
        ({"uploads": (A,)}, ("leaked", A)),
        ({"strays": ("warm",)}, ("leaked", None)),
    ],
)
def test_what_the_stores_show_is_caught(
    change: dict[str, Any], expected: tuple[str, str | None]
) -> None:
    assert kinds(inventory=dataclasses.replace(SOUND, **change)) == [expected]


def result(at: float, *, status: int = 200, code: str | None = None, digest: str = "x") -> Event:
    shown = digest if status == 200 else None
    return event(
        "result", at, account="ann", submission_id=A, status=status, code=code, digest=shown
    )


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ([submitted(C, "ann", 3, key="k1")], ("doubled", A)),
        # A cross-account read, in every form.
        ([read(A, "bob", 1, "succeeded")], ("misplaced", A)),
        ([event("list", 1, account="bob", status=200, listed={A: "failed"})], ("misplaced", A)),
        ([event("delete", 1, account="bob", submission_id=B, status=404)], None),
        (
            [event("result", 1, account="bob", submission_id=A, status=409, code="x")],
            ("misplaced", A),
        ),
        # Reads that go back in time.
        ([read(A, "ann", 1, "succeeded"), read(A, "ann", 2, "processing")], ("stale", A)),
        ([read(A, "ann", 1, "succeeded"), read(A, "ann", 2, "failed")], ("stale", A)),
        ([result(1), result(2, digest="y")], ("stale", A)),
        ([result(1), result(2, status=409, code="result-not-ready")], ("stale", A)),
        (
            [
                read(A, "ann", 1, "succeeded"),
                event("list", 2, account="ann", status=200, listed={A: "pending"}),
            ],
            ("stale", A),
        ),
        ([event("read", 1, account="ann", submission_id=A, status=404)], ("stale", A)),
    ],
)
def test_what_clients_saw_is_caught(
    more: list[Event], expected: tuple[str, str | None] | None
) -> None:
    inventory = SOUND
    if expected and expected[0] == "doubled":
        inventory = dataclasses.replace(SOUND, rows={**SOUND.rows, C: Row("failed", "cleo")})
    found = [it for it in kinds(*more, inventory=inventory) if it != ("misplaced", C)]
    assert found == ([] if expected is None else [expected])


def test_what_comes_back_after_its_deletion_is_stale() -> None:
    back = read(A, "ann", 6, "succeeded")
    assert kinds(deletion(A, 5, 204), back, inventory=GONE) == [("stale", A)]
    unchanged = event("read", 6, account="ann", submission_id=A, status=304)
    assert kinds(deletion(A, 5, 204), unchanged, inventory=GONE) == [("stale", A)]


def test_what_was_deleted_and_is_still_stored_is_leaked() -> None:
    assert kinds(deletion(A, 5, 204)) == [("leaked", A)]
    left = dataclasses.replace(GONE, results=(A,))
    assert kinds(deletion(A, 5, 204), inventory=left) == [("leaked", A)]


def test_a_lost_submission_is_reported_once() -> None:
    absent = event("read", 1, account="ann", submission_id=A, status=404)
    assert kinds(absent, inventory=GONE) == [("lost", A)]


def test_violations_come_in_the_order_of_the_kinds() -> None:
    inventory = Inventory(rows={A: Row("pending", "cleo")}, results=(C,), images=(), uploads=())
    found = [it.kind for it in check(history_of(*BASE), inventory)]
    assert found == sorted(found, key=VIOLATION_KINDS.index)
    assert set(found) == {"lost", "misplaced", "leaked", "unfinished"}
    assert all(str(it).startswith(it.kind) for it in check(history_of(*BASE), inventory))
