"""When latency is back after a step: made-up series whose moment is known."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from benchmarks.analysis.recovery import (
    FACTOR,
    HOLD_SECONDS,
    STRIDE_SECONDS,
    WINDOW_SECONDS,
    Flow,
    Recovery,
    Scaling,
    recovery,
)

STEP, ORDER, READY = 100.0, 110.0, 125.0
SCALING = Scaling(stepped_at=STEP, ordered_at=ORDER, ready_at=READY)
BASELINE = [float(ms) for ms in range(901, 1001)]  # p95 995.05
LIMIT = FACTOR * 995.05
EXACT = STRIDE_SECONDS + 0.1 * WINDOW_SECONDS  # as a good window may begin with a bad tenth


def series(
    latency_ms: Callable[[float], float], *, rate: float = 10, until: float = 200
) -> list[Flow]:
    """Flows at even distances, from before the step on."""
    moments = np.arange(STEP - 20, until, 1 / rate)
    return [Flow(float(at), latency_ms(float(at))) for at in moments]


def found(flows: list[Flow]) -> Recovery:
    return recovery(flows, SCALING, BASELINE)


def bad_between(*spans: tuple[float, float]) -> Callable[[float], float]:
    return lambda at: 9000.0 if any(start <= at < end for start, end in spans) else 950.0


def test_the_seconds_until_latency_is_back() -> None:
    back = found(series(bad_between((STEP, 140))))
    assert back.left
    assert back.stayed
    assert back.reason is None
    assert back.limit_ms == pytest.approx(LIMIT)
    assert back.since_step_seconds == pytest.approx(40, abs=EXACT)
    assert back.since_order_seconds == pytest.approx(30, abs=EXACT)
    assert back.since_ready_seconds == pytest.approx(15, abs=EXACT)


def test_the_order_of_the_flows_does_not_matter() -> None:
    flows = series(bad_between((STEP, 140)))
    assert found(flows[::-1]) == found(flows)


def test_a_dip_that_rises_again_is_no_recovery() -> None:
    dip = HOLD_SECONDS - 3
    back = found(series(bad_between((STEP, 120), (120 + dip, 150))))
    assert back.since_step_seconds == pytest.approx(50, abs=EXACT)
    assert back.stayed


def test_a_recovery_that_does_not_last_to_the_end_is_reported() -> None:
    back = found(series(bad_between((STEP, 120), (150, 170))))
    assert back.since_step_seconds == pytest.approx(20, abs=EXACT)
    assert back.stayed is False


def test_never_back_in_the_observed_time() -> None:
    back = found(series(bad_between((STEP, 500))))
    assert back.left
    assert back.since_step_seconds is None
    assert back.since_order_seconds is None
    assert back.since_ready_seconds is None
    assert back.reason == "latency wasn't back for 15 s within the observed time"


def test_good_for_less_than_the_hold_at_the_end_is_not_known_to_be_back() -> None:
    assert found(series(bad_between((STEP, 186)), until=200)).since_step_seconds is None
    late = found(series(bad_between((STEP, 184)), until=200))
    assert late.since_step_seconds == pytest.approx(84, abs=EXACT)


def test_latency_that_never_left_is_back_at_once() -> None:
    back = found(series(bad_between()))
    assert back.left is False
    assert (back.since_step_seconds, back.since_order_seconds, back.since_ready_seconds) == (
        0,
        0,
        0,
    )


def test_a_queue_that_grows_slowly_is_not_taken_for_a_recovery_at_the_step() -> None:
    """20 s within the limit after the step, more than a hold, before it is seen at all."""
    back = found(series(bad_between((STEP + 20, 150))))
    assert back.left
    assert back.since_step_seconds == pytest.approx(50, abs=EXACT)


def test_back_before_the_order_is_zero_seconds_after_it() -> None:
    back = found(series(bad_between((STEP, 105))))
    assert back.since_step_seconds == pytest.approx(5, abs=EXACT)
    assert (back.since_order_seconds, back.since_ready_seconds) == (0, 0)


def test_a_window_with_too_few_flows_is_not_back() -> None:
    assert found(series(bad_between(), rate=1)).since_step_seconds is None
    assert found([]).since_step_seconds is None
    assert found([]).left is None


def test_flows_that_failed_are_bad_ones() -> None:
    assert found(series(lambda _at: math.inf)).since_step_seconds is None


@pytest.mark.parametrize(("bad_of_twenty", "is_back"), [(2, True), (3, False)])
def test_a_tenth_of_the_flows_may_be_late(bad_of_twenty: int, is_back: bool) -> None:
    flows = [
        Flow(flow.intended_at, 9000.0 if number % 20 < bad_of_twenty else 950.0)
        for number, flow in enumerate(series(bad_between(), rate=20))
    ]
    assert (found(flows).since_step_seconds is not None) is is_back


def test_the_limit_is_the_factor_times_the_baseline_s_p95() -> None:
    assert found(series(lambda _at: LIMIT - 1)).left is False
    assert found(series(lambda _at: LIMIT + 1)).left is True
    flows = series(lambda _at: LIMIT + 1)
    assert recovery(flows, SCALING, BASELINE, factor=2 * FACTOR).left is False


def test_a_baseline_that_is_too_small_gives_nothing_to_compare_with() -> None:
    back = recovery(series(bad_between()), SCALING, BASELINE[:19])
    assert back.limit_ms is None
    assert back.since_step_seconds is None
    assert back.reason == "19 flows before the step are too few for their p95, which needs 20"


def test_the_load_from_before_the_step_is_good_itself() -> None:
    """Exponential latencies, which scatter much: the same ones after the step never leave."""
    random = np.random.default_rng(8)
    for _ in range(20):
        baseline = random.exponential(300, size=200)
        moments = STEP + np.cumsum(random.exponential(0.1, size=1000))
        flows = [Flow(float(at), float(random.exponential(300))) for at in moments]
        back = recovery(flows, SCALING, baseline.tolist())
        assert back.left is False
        assert back.stayed


def test_a_hold_shorter_than_a_window_is_an_error() -> None:
    with pytest.raises(ValueError, match="shorter than a window"):
        recovery([], SCALING, BASELINE, hold_seconds=WINDOW_SECONDS - 1)
