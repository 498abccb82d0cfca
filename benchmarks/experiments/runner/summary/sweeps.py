"""The fields that the results of every sweep have, whatever its kind adds."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TypedDict

from benchmarks.experiments.runner.arms import Sweep
from benchmarks.results_model import sweeps as model
from benchmarks.results_model.arms import Arm
from benchmarks.results_model.base import of


class SweepFields(TypedDict):
    """The common fields of `results_model.sweeps.Sweep`."""

    name: str
    title: str
    blocks: int
    seconds: float
    steps: Sequence[model.Step]
    rates_are_shares: bool
    actions: Sequence[model.Action]
    arms: Sequence[Arm]


def sweep_fields(sweep: Sweep, arms: Sequence[Arm]) -> SweepFields:
    """Return the fields that all kinds of sweeps have."""
    return SweepFields(
        name=sweep.name,
        title=sweep.title,
        blocks=sweep.blocks,
        seconds=sweep.schedule.seconds,
        steps=[of(model.Step, step) for step in sweep.schedule.to_json()],
        rates_are_shares=sweep.rates_are_shares,
        actions=[of(model.Action, asdict(action)) for action in sweep.actions],
        arms=arms,
    )
