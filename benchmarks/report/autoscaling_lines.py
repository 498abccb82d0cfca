"""The sweep of autoscaling in the terminal: one line for each arm."""

from collections.abc import Iterator

from benchmarks.report import formats
from benchmarks.results_model.sweeps import AnySweep, AutoscalingSweep


def lines(sweep: AnySweep) -> Iterator[str]:
    """Return when each arm had more processes, when latency was back, and the fewest again.

    None about a sweep of another kind.
    """
    if not isinstance(sweep, AutoscalingSweep):
        return
    for arm in sweep.responses:
        most = max((trial.most for trial in arm.trials), default=0)
        yield (
            f"{sweep.name}, {arm.arm}: first further process "
            f"{formats.number(arm.first_more_seconds.mean, 1)} s after the step, up to {most}, "
            f"latency back after {formats.number(arm.since_step_seconds.mean, 1)} s, the fewest "
            f"{formats.number(arm.fewest_again_seconds.mean, 1)} s after the load"
        )
