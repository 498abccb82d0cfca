"""The comparison of what a target holds with what its client was promised."""

import dataclasses

import pytest
from benchmarks.targets import Inventory, Row, discrepancies

A, B, C = (f"00000000-0000-7000-8000-00000000000{n}" for n in range(3))
SOUND = Inventory(
    rows={A: Row("succeeded", "ann"), B: Row("failed", "bob")},
    results=(A,),
    images=(A, B),
    uploads=(),
)
ACCEPTED = {A: "ann", B: "bob"}


def test_what_agrees_gives_no_word() -> None:
    assert discrepancies(SOUND, ACCEPTED) == []


def test_a_row_whose_answer_never_arrived_is_no_fault() -> None:
    assert discrepancies(SOUND, {A: "ann"}) == []


def test_counts() -> None:
    counts = SOUND.counts()
    assert (counts.rows, counts.results, counts.images, counts.uploads) == (2, 1, 2, 0)
    assert counts.states == {"succeeded": 1, "failed": 1}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"rows": {A: Row("succeeded", "ann")}, "images": (A,)}, f"lost: {B}"),
        ({"rows": {**SOUND.rows, A: Row("succeeded", "bob")}}, f"misplaced: {A}"),
        ({"rows": {**SOUND.rows, B: Row("pending", "bob")}}, f"unfinished: {B} is pending"),
        ({"results": ()}, f"no result: {A}"),
        ({"images": (B,)}, f"no image: {A}"),
        ({"results": (A, B)}, f"result of a failure: {B}"),
        ({"results": (A, C)}, f"leaked result: {C}"),
        ({"images": (A, B, C)}, f"leaked image: {C}"),
        ({"uploads": (C,)}, f"leaked upload: {C}"),
        ({"uploads": (A,)}, f"leaked upload: {A}"),
        ({"strays": ("warm",)}, "stray object: warm"),
    ],
)
def test_each_kind_of_discrepancy_is_told(change: dict[str, object], told: str) -> None:
    (found,) = discrepancies(dataclasses.replace(SOUND, **change), ACCEPTED)  # type: ignore[arg-type]
    assert found.startswith(told)


def test_what_was_deleted_must_be_gone() -> None:
    gone = dataclasses.replace(SOUND, rows={B: SOUND.rows[B]}, results=(), images=(B,))
    assert discrepancies(gone, ACCEPTED, deleted={A}) == []
    assert discrepancies(SOUND, ACCEPTED, deleted={A}) == [f"undead: {A} was deleted and has a row"]
