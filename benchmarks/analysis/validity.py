"""The limits that a trial has to keep, and the reasons that make it void."""

from collections.abc import Collection, Sequence

from benchmarks.analysis.accounting import Ledger, imbalances
from benchmarks.analysis.trials import Level

GENERATOR_LIMIT = 0.80  # of its core
ACHIEVED_LIMIT = 0.98  # of the arrivals that were due
STALL_LIMIT_MS = 500.0  # far above the lag that a busy neighbour causes
CLOCK_LIMIT_MS = 200.0  # a slewed clock drifts by less during a trial
DISTURBANCE_LIMIT = 0.10  # of the target's cores
ESCAPE_LIMIT = 0.05  # of a core; the two measurements of it differ in method


def is_disturbed(levels: Sequence[Level], *, target_cores: int) -> bool:
    """Return whether other work used so much of the target's cores that capacity is unknown.

    Throughput and latency then reflect the other work; CPU time per submission is still that of the
    target, with less precision.
    """
    seconds = sum(level.seconds for level in levels)
    others = sum(level.disturbance(target_cores) * level.seconds for level in levels)
    return seconds > 0 and others / seconds > DISTURBANCE_LIMIT


def void_reasons(
    levels: Sequence[Level], ledger: Ledger, *, wall_drift_ms: float = 0.0
) -> list[str]:
    """Return the reasons, one sentence each, that make a trial void; empty if it counts."""
    reasons = imbalances(ledger)
    for level in levels:
        reasons += _generator_faults(level)
        if level.escaped_cores > ESCAPE_LIMIT:
            reasons.append(
                f"at {level.label} the target used {level.escaped_cores:.2f} of a core "
                "outside its own"
            )
    return [*reasons, *_clock_faults(wall_drift_ms), *_emptiness(levels)]


def generator_reasons(levels: Sequence[Level], *, wall_drift_ms: float = 0.0) -> list[str]:
    """Return the reasons that make a trial with an injected fault void.

    The trial measures what such a target loses, refuses or leaves, so only the generator can make
    it void. An arrival that finds no free slot isn't the generator's fault there.
    """
    reasons = []
    for level in levels:
        reasons += _busy_generator(level)
    return [*reasons, *_clock_faults(wall_drift_ms), *_emptiness(levels)]


def visit_reasons(
    levels: Sequence[Level], ledger: Ledger, *, busy: Collection[int], wall_drift_ms: float = 0.0
) -> list[str]:
    """Return the reasons that make a trial of visits void: nothing is submitted in its windows.

    `busy` are the steps whose many connections may keep the generator busy too: their requests a
    second are then what was sent, and no capacity. Windows last about a second, in which the steps
    of 10 ms of either measurement of CPU time are some per cent. So what the target used outside
    its own cores is judged over all windows together.
    """
    reasons = imbalances(ledger)
    for level in levels:
        if level.window.step not in busy:
            reasons += _busy_generator(level)
    seconds = sum(level.seconds for level in levels)
    outside = sum((it.escaped_cores - it.foreign_cores) * it.seconds for it in levels)
    if outside > ESCAPE_LIMIT * seconds:
        share = outside / seconds
        reasons.append(f"the target used {share:.2f} of a core outside its own, over all windows")
    return [*reasons, *_clock_faults(wall_drift_ms)]


def _clock_faults(drift_ms: float) -> list[str]:
    if drift_ms <= CLOCK_LIMIT_MS:
        return []
    return [f"the wall clock was set by {drift_ms / 1000:.1f} s while the trial ran"]


def _emptiness(levels: Sequence[Level]) -> list[str]:
    if any(level.completed for level in levels):
        return []
    return ["no submission was completed in a measured window"]


def _busy_generator(level: Level) -> list[str]:
    window, found = level.window, []
    share = window.generator_share + window.harness_share
    if share > GENERATOR_LIMIT:
        found.append(
            f"at {level.label} the generator used {share:.0%} of its core "
            f"(limit {GENERATOR_LIMIT:.0%})"
        )
    if window.lag_max_ms > STALL_LIMIT_MS:
        found.append(
            f"at {level.label} the generator stood still for {window.lag_max_ms / 1000:.1f} s"
        )
    return found


def _generator_faults(level: Level) -> list[str]:
    window, found = level.window, _busy_generator(level)
    if level.missing > (1 - ACHIEVED_LIMIT) * window.offered:
        found.append(
            f"at {level.label} only {window.started} of {window.offered} arrivals were sent "
            f"(limit {ACHIEVED_LIMIT:.0%})"
        )
    return found
