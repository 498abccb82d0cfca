"""Elasticity: the time from a step in load until latency is back to its level before.

Latency is back at the earliest time, after it left, from which on it is good in every rolling
window of `WINDOW_SECONDS` for `HOLD_SECONDS`. A window is good if at least 90 % of the flows that
were *intended* in it took no longer than `FACTOR` times the p95 before the step. Intended, not
started or ended: a flow that is held back or late is what the measure must find.

* "After it left": a queue that grows slowly keeps within the limit for a while. Those good windows
  right after the step are not a recovery.
* A window of 5 s is short against the half minute or so that scaling takes, and holds the
  `FEWEST_FLOWS` that a 90 % needs from about 4 arrivals a second on. One with fewer isn't good.
* Under the load before the step 95 % of flows take less than half of twice the p95, so chance
  hardly ever makes a window bad, and a growing queue soon does.
* 15 s are three windows: enough to distinguish a lull between two bursts from a recovery.

The windows begin `STRIDE_SECONDS` apart, which is the precision of a result.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.analysis.percentiles import percentile, values_needed

GOOD_SHARE = 0.9
BASELINE_PERCENTILE = 95
FACTOR = 2.0
WINDOW_SECONDS = 5.0
HOLD_SECONDS = 15.0
STRIDE_SECONDS = 0.5
FEWEST_FLOWS = values_needed(100 * GOOD_SHARE)


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow: its intended start, in seconds of the same clock as `Scaling`, and its latency.

    `latency_ms` is from `intended_at` on, and infinite for a flow that failed or never began.
    """

    intended_at: float
    latency_ms: float


@dataclass(frozen=True, slots=True)
class Scaling:
    """The times of one step in load, in seconds of the flows' clock."""

    stepped_at: float
    ordered_at: float
    ready_at: float  # when the new processes were ready


@dataclass(frozen=True, slots=True)
class Recovery:
    """The recovery of latency; seconds are None if it wasn't back in the observed time.

    If it never left, it is back 0 s after the step. If it was back before the order or the
    readiness, the seconds since that are 0.
    """

    limit_ms: float | None  # the limit for 90 % of flows; None without a baseline
    left: bool | None
    since_step_seconds: float | None
    since_order_seconds: float | None
    since_ready_seconds: float | None
    stayed: bool | None  # whether every later window is good, to the last one observed
    reason: str | None  # why the recovery is unknown


def recovery(
    flows: Sequence[Flow],
    scaling: Scaling,
    baseline_ms: Sequence[float],
    *,
    factor: float = FACTOR,
    window_seconds: float = WINDOW_SECONDS,
    hold_seconds: float = HOLD_SECONDS,
) -> Recovery:
    """Return when latency was back after the step; `flows` may be in any order.

    `baseline_ms` are the latencies of the flows intended before the step. The observed time ends
    with the last intended flow. Raises ValueError for a hold that is shorter than a window.
    """
    if hold_seconds < window_seconds:
        raise ValueError(f"a hold of {hold_seconds} s is shorter than a window, {window_seconds} s")
    baseline = percentile(baseline_ms, BASELINE_PERCENTILE)
    if baseline is None:
        return _unknown(
            f"{len(baseline_ms)} flows before the step are too few for their "
            f"p{BASELINE_PERCENTILE}, which needs {values_needed(BASELINE_PERCENTILE)}"
        )
    limit = factor * baseline
    good = _good_windows(flows, scaling.stepped_at, limit, window_seconds)
    needed = math.floor((hold_seconds - window_seconds) / STRIDE_SECONDS) + 1
    left_at = next((index for index, is_good in enumerate(good) if not is_good), None)
    back = _run_of(needed, good, 0 if left_at is None else left_at)
    if back is None:
        return _unknown(
            f"latency wasn't back for {hold_seconds:g} s within the observed time",
            limit_ms=limit,
            left=None if left_at is None else True,
        )
    moment = scaling.stepped_at + back * STRIDE_SECONDS
    return Recovery(
        limit_ms=limit,
        left=left_at is not None,
        since_step_seconds=moment - scaling.stepped_at,
        since_order_seconds=max(0.0, moment - scaling.ordered_at),
        since_ready_seconds=max(0.0, moment - scaling.ready_at),
        stayed=bool(good[back:].all()),
        reason=None,
    )


def _unknown(reason: str, *, limit_ms: float | None = None, left: bool | None = None) -> Recovery:
    return Recovery(limit_ms, left, None, None, None, None, reason)


def _good_windows(
    flows: Sequence[Flow], start: float, threshold_ms: float, window_seconds: float
) -> NDArray[np.bool_]:
    """Return, for each window at a stride from `start` on, whether it is good."""
    ordered = sorted(flows, key=lambda flow: flow.intended_at)
    intended = np.array([flow.intended_at for flow in ordered])
    if not ordered or intended[-1] < start + window_seconds:
        return np.zeros(0, dtype=np.bool_)
    in_time = np.array([flow.latency_ms <= threshold_ms for flow in ordered])
    in_time_before = np.concatenate([[0], np.cumsum(in_time)])
    strides = math.floor((intended[-1] - window_seconds - start) / STRIDE_SECONDS) + 1
    begins = start + STRIDE_SECONDS * np.arange(strides)
    first = np.searchsorted(intended, begins)
    last = np.searchsorted(intended, begins + window_seconds)
    count, good = last - first, in_time_before[last] - in_time_before[first]
    return np.asarray((count >= FEWEST_FLOWS) & (good >= GOOD_SHARE * count))


def _run_of(length: int, good: NDArray[np.bool_], start: int) -> int | None:
    """Return the index of the first `length` good windows in a row, from `start` on."""
    run = 0
    for index, is_good in enumerate(good[start:], start):
        run = run + 1 if is_good else 0
        if run == length:
            return index - length + 1
    return None
