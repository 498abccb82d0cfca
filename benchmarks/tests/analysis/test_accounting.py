"""One lost, doubled or unfinished submission is enough, wherever it is missing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.analysis.accounting import Ledger, imbalances

BALANCED = Ledger(
    accepted=10, ready=9, answers_lost=0, rows=10, rows_succeeded=9, rows_failed=1, results=9
)


def test_a_balanced_ledger_has_no_imbalance() -> None:
    assert imbalances(BALANCED) == []


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (replace(BALANCED, accepted=11), "202 for 11 submissions, the target holds 10"),
        (replace(BALANCED, accepted=9), "202 for 9 submissions, the target holds 10"),
        (replace(BALANCED, results=8), "9 rows succeeded, the object store holds 8"),
        (replace(BALANCED, results=10), "9 rows succeeded, the object store holds 10"),
        (replace(BALANCED, ready=8), "the generator saw 8 succeed"),
        (replace(BALANCED, rows_failed=0), "1 rows are not final"),
        (replace(BALANCED, answers_lost=2), "2 submissions were sent and got no response"),
    ],
)
def test_each_fault_is_named(fault: Ledger, expected: str) -> None:
    assert [line for line in imbalances(fault) if expected in line]


def test_of_an_external_target_the_api_s_count_and_the_generator_s_must_agree() -> None:
    api = Ledger(accepted=10, ready=10, answers_lost=0, rows=10)
    assert imbalances(api) == []
    assert imbalances(replace(api, rows=9)) == [
        "the generator got 202 for 10 submissions, the target holds 9"
    ]
    assert imbalances(replace(api, ready=8)) == ["2 accepted submissions were not seen to succeed"]
    assert imbalances(replace(api, rows=None)) == ["the rows could not be counted"]


@given(st.integers(0, 500), st.integers(0, 500), st.integers(-3, 3))
def test_only_equal_counts_balance(succeeded: int, failed: int, off: int) -> None:
    rows = succeeded + failed
    ledger = Ledger(rows + off, succeeded, 0, rows, succeeded, failed, succeeded)
    assert bool(imbalances(ledger)) == bool(off)
