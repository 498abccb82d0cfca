"""Further blocks for those that a run lost, by a rule that is fixed before anything is measured.

After its planned blocks a sweep runs one more, and then decides again, as long as

* fewer blocks count than were planned. A block counts if each of its arms has a trial that is not
  void, and other work disturbed none of them;
* fewer than `MOST_PERCENT` of the planned number of blocks have been added.

Sweeps that need a block take turns. What the arms measured plays no role, so the rule can't favour
a result. Lost blocks are kept: the claims are judged with the disturbed ones and without them.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks.experiments.runner.arms import Sweep
from benchmarks.experiments.runner.blocks import Planned, further_block, plan
from benchmarks.experiments.runner.measured_trial import Trial, load_trial
from benchmarks.experiments.runner.results_folder import ResultsFolder

MOST_PERCENT = 60

IsLost = Callable[[Trial], bool]


def most_extra(planned: int) -> int:
    """Return how many blocks may be added to so many planned ones."""
    return math.ceil(planned * MOST_PERCENT / 100)


def is_lost(trial: Trial) -> bool:
    """Return whether a trial's block has to be made up for."""
    if trial.void or trial.disturbed:
        return True
    # Each injected fault has a window of its own, and all of them together are judged.
    has_faults = any("fault" in note for note in trial.document["actions"])
    return trial.disturbed_arrivals and not has_faults


def whole_order(
    sweeps: Sequence[Sweep], seed: int, extra: Sequence[Mapping[str, Any]]
) -> list[Planned]:
    """Return the planned trials and those of the extra blocks that run.json names, in order.

    Raises KeyError for a sweep that there isn't.
    """
    found = plan(sweeps, seed)
    by_name = {sweep.name: sweep for sweep in sweeps}
    for added in extra:
        sweep = by_name[added["sweep"]]
        found += further_block(sweep, added["block"], seed=seed, first=len(found) + 1)
    return found


class ExtraBlocks:
    """Decides on a run's extra blocks, and writes them into its run.json before they are run."""

    def __init__(
        self,
        folder: ResultsFolder,
        sweeps: Sequence[Sweep],
        record: dict[str, Any],
        lost: IsLost = is_lost,
    ) -> None:
        self._folder = folder
        self._sweeps = sweeps
        self._record = record
        self._is_lost = lost
        self._sound: dict[str, bool] = {}  # by trial, read once

    def next(self) -> list[Planned]:
        """Return the trials of one more block; none if no sweep needs one or may have one.

        Call it when all trials of the order have been run.
        """
        needy = [it for it in self._sweeps if self._count_sound(it) < it.blocks]
        allowed = [it for it in needy if self._count_extra(it) < most_extra(it.blocks)]
        if not allowed:
            return []
        sweep = min(allowed, key=self._count_extra)  # the first of those with the fewest
        block = sweep.blocks + self._count_extra(sweep) + 1
        order = self._record["order"]
        trials = further_block(sweep, block, seed=self._record["seed"], first=len(order) + 1)
        self._record["extra_blocks"] = [*self._extra, {"sweep": sweep.name, "block": block}]
        self._record["order"] = [*order, *(trial.name for trial in trials)]
        self._folder.write_json("run.json", self._record)
        return trials

    @property
    def _extra(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._record.get("extra_blocks", [])
        return found

    def _count_extra(self, sweep: Sweep) -> int:
        return sum(it["sweep"] == sweep.name for it in self._extra)

    def _count_sound(self, sweep: Sweep) -> int:
        """Return how many of the sweep's blocks count on all arms and are undisturbed."""
        order = whole_order(self._sweeps, self._record["seed"], self._extra)
        blocks: dict[int, bool] = {}
        for trial in order:
            if trial.sweep == sweep.name:
                blocks[trial.block] = blocks.get(trial.block, True) and self._is_sound(trial)
        return sum(blocks.values())

    def _is_sound(self, trial: Planned) -> bool:
        if trial.name not in self._sound:
            found = load_trial(self._folder, self._folder.path / "raw" / trial.name)
            self._sound[trial.name] = not self._is_lost(found)
        return self._sound[trial.name]
