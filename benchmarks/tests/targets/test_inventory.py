"""Counting what a target holds."""

from benchmarks.targets import Inventory, Row

A, B = (f"00000000-0000-7000-8000-00000000000{n}" for n in range(2))


def test_counts() -> None:
    inventory = Inventory(
        rows={A: Row("succeeded", "ann"), B: Row("failed", "bob")},
        results=(A,),
        images=(A, B),
        uploads=(),
    )
    counts = inventory.counts()
    assert (counts.rows, counts.results, counts.images, counts.uploads) == (2, 1, 2, 0)
    assert counts.states == {"succeeded": 1, "failed": 1}
