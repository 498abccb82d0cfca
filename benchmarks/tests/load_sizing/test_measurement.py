"""The stub keeps the contract as far as the load needs it, and a real Locust is measured on it."""

import os

import pytest

from benchmarks.load_sizing.errors import SizingError
from benchmarks.load_sizing.measurement import measure, stub
from benchmarks.load_sizing.sizing import ARRIVALS, USERS

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("kind", "amount"), [(USERS, 10), (ARRIVALS, 5)])
def test_a_load_of_the_stub_is_a_point(kind: str, amount: float) -> None:
    cores = sorted(os.sched_getaffinity(0))
    with stub(cores[0]) as base_url:
        measured = measure(kind, amount, base_url, core=cores[-1], seconds=10)
    assert (measured.kind, measured.amount) == (kind, amount)
    assert 0 < measured.cpu_share < 1
    assert measured.requests_per_second > amount / 2
    assert measured.started_share >= 0.9


def test_an_unknown_load_is_refused() -> None:
    with pytest.raises(SizingError, match="There is no load of visitors"):
        measure("visitors", 1, "http://127.0.0.1:9", core=0, seconds=1)
