"""Counts of attempts: shared counts and those of a process behave alike."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from accounts.attempt_counts import (
    AttemptCounts,
    Limit,
    LocalCounts,
    Refusal,
    Reservation,
    SharedCounts,
)

ONE = [Limit("one", 3)]


class Away:
    """An unavailable cache that counts failed calls."""

    def __init__(self) -> None:
        self.tried = 0

    def take(self, *_: object, **__: object) -> float:
        self.tried += 1
        raise redis.ConnectionError

    def give_back(self, *_: object) -> None:
        raise redis.ConnectionError


class Unbounded:
    """Counts that admit everything."""

    def take(self, *_: object, **__: object) -> float:
        return 0

    def give_back(self, *_: object) -> None:
        pass


@pytest.fixture(params=["shared", "local"])
def counts(request: pytest.FixtureRequest, cache: "redis.Redis") -> AttemptCounts:
    shared = SharedCounts(cache) if request.param == "shared" else Away()
    local = LocalCounts() if request.param == "local" else Unbounded()
    return AttemptCounts(local, shared)


def _take(counts: AttemptCounts, limits: list[Limit], times: int = 1) -> list[type]:
    return [type(counts.reserve(limits, window_seconds=60)) for _ in range(times)]


def test_beyond_the_limit_attempts_are_refused(counts: AttemptCounts) -> None:
    assert _take(counts, ONE, 5) == [Reservation] * 3 + [Refusal] * 2
    refusal = counts.check(ONE, window_seconds=60)
    assert refusal is not None
    assert 55 <= refusal.retry_after_seconds <= 60


def test_checking_counts_nothing(counts: AttemptCounts) -> None:
    assert [counts.check(ONE, window_seconds=60) for _ in range(5)] == [None] * 5
    assert _take(counts, ONE) == [Reservation]


def test_what_is_given_back_counts_no_longer(counts: AttemptCounts) -> None:
    for _ in range(5):
        reservation = counts.reserve(ONE, window_seconds=60)
        assert isinstance(reservation, Reservation)
        reservation.give_back()
    assert _take(counts, ONE, 4) == [Reservation] * 3 + [Refusal]


def test_a_refusal_by_one_limit_counts_for_none(counts: AttemptCounts) -> None:
    both = [Limit("narrow", 1), Limit("wide", 3)]
    assert _take(counts, both, 5) == [Reservation] + [Refusal] * 4
    assert _take(counts, [Limit("wide", 3)], 3) == [Reservation] * 2 + [Refusal]


def test_a_window_begins_with_its_first_attempt_and_ends(counts: AttemptCounts) -> None:
    one = [Limit("short", 1)]
    assert isinstance(counts.reserve(one, window_seconds=0.3), Reservation)
    for _ in range(50):  # attempts in between don't make it longer
        if isinstance(counts.reserve(one, window_seconds=0.3), Reservation):
            return
        time.sleep(0.1)
    pytest.fail("the window did not end")


def test_parallel_attempts_do_not_pass_the_limit_together(counts: AttemptCounts) -> None:
    with ThreadPoolExecutor(20) as pool:
        taken = list(pool.map(lambda _: counts.reserve(ONE, window_seconds=60), range(200)))
    assert [type(it) for it in taken].count(Reservation) == 3


def test_two_processes_share_what_is_in_the_cache(cache: "redis.Redis") -> None:
    first, second = (AttemptCounts(LocalCounts(), SharedCounts(cache)) for _ in range(2))
    assert _take(first, ONE, 2) + _take(second, ONE, 2) == [Reservation] * 3 + [Refusal]


def test_while_the_cache_is_away_the_process_counts_and_leaves_it_alone() -> None:
    away = Away()
    counts = AttemptCounts(LocalCounts(), away)
    begun = time.monotonic()
    assert _take(counts, ONE, 5) == [Reservation] * 3 + [Refusal] * 2
    assert 1 <= away.tried <= 1 + (time.monotonic() - begun)  # once a second


def test_a_cache_that_goes_away_in_between_admits_nothing_more(cache: "redis.Redis") -> None:
    local = LocalCounts()
    assert _take(AttemptCounts(local, SharedCounts(cache)), ONE, 2) == [Reservation] * 2
    assert _take(AttemptCounts(local, Away()), ONE, 2) == [Reservation, Refusal]
    assert _take(AttemptCounts(local, SharedCounts(cache)), ONE) == [Refusal]


def test_what_the_cache_refuses_does_not_count_in_the_process(cache: "redis.Redis") -> None:
    _take(AttemptCounts(LocalCounts(), SharedCounts(cache)), ONE, 3)
    local = LocalCounts()
    assert _take(AttemptCounts(local, SharedCounts(cache)), ONE, 5) == [Refusal] * 5
    assert _take(AttemptCounts(local, Away()), ONE, 4) == [Reservation] * 3 + [Refusal]


def test_giving_back_to_a_cache_that_is_away_raises_nothing() -> None:
    Reservation(ONE, [Away()]).give_back()


@pytest.mark.parametrize("count", [1, 50])
def test_the_counts_of_a_process_stay_few(count: int) -> None:
    local = LocalCounts(most_counts=10)
    for number in range(count):
        local.take([Limit(str(number), 1)], window_seconds=60, reserve=True)
    assert len(local._counts) == min(count, 10)
