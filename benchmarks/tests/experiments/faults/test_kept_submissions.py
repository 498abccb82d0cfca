"""What was lost, doubled or left over is found by its kind."""

from typing import Any

import pytest

from benchmarks.experiments.faults.kept_submissions import Kept, is_settled, kept
from benchmarks.tests.experiments.faults.made_up import SUBMIT, call


def stores(**changes: Any) -> dict[str, Any]:
    """Two submissions that succeeded, and one that failed."""
    return {
        "rows": {"a": "succeeded", "b": "succeeded", "c": "failed"},
        "results": ["a", "b"],
        "images": ["a", "b", "c"],
        "uploads": [],
        "strays": [],
        "documents": {"a": "a", "b": "b"},
        **changes,
    }


def judged(sent: int = 3, **changes: Any) -> Kept:
    """Three submissions were accepted; what else was sent never had a response."""
    calls = [call(SUBMIT, 1.0, about=key) for key in "abc"]
    return kept(stores(**changes), calls + [call(SUBMIT, 1.0, failed=True)] * (sent - 3))


def test_all_is_kept() -> None:
    assert judged() == Kept(accepted=3, lost=0, doubled=0, leaked=0, orphan_uploads=0, failed=1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rows": {"a": "succeeded", "b": "succeeded"}, "images": ["a", "b"]}, "lost"),
        ({"results": ["a"]}, "lost"),
        ({"images": ["a", "c"]}, "lost"),
        ({"rows": {"a": "succeeded", "b": "succeeded", "c": "processing"}}, "lost"),
        ({"results": ["a", "b", "c"]}, "leaked"),
        ({"results": ["a", "b", "x"]}, "leaked"),
        ({"images": ["a", "b", "c", "x"]}, "leaked"),
        ({"uploads": ["a"]}, "leaked"),
        ({"strays": ["some/key"]}, "leaked"),
        ({"uploads": ["x"]}, "orphan_uploads"),
    ],
)
def test_each_kind_is_found_once(changes: dict[str, Any], field: str) -> None:
    found = judged(**changes)
    counts = {it: getattr(found, it) for it in ("lost", "doubled", "leaked", "orphan_uploads")}
    assert counts == {"lost": 0, "doubled": 0, "leaked": 0, "orphan_uploads": 0, field: 1}


def test_a_result_of_another_submission_is_no_result() -> None:
    found = judged(documents={"a": "b", "b": "b"})
    assert (found.lost, found.doubled) == (1, 1), "one has none, the other two"


def test_more_rows_than_requests_are_doubled() -> None:
    rows = {"a": "succeeded", "b": "succeeded", "c": "failed", "d": "failed"}
    assert judged(sent=3, rows=rows).doubled == 1
    assert judged(sent=4, rows=rows).doubled == 0, "its response may have been lost"


def test_the_stores_are_settled_when_nothing_is_under_way() -> None:
    assert is_settled(stores())
    assert not is_settled(stores(rows={"a": "pending"}))
    assert not is_settled(stores(uploads=["a"]))
    assert is_settled(stores(uploads=["x"])), "an orphan isn't waited for"
