"""Release what a scenario names into a loaded target, and record the outcome.

Everything is built before the load begins, on the generator's core, in place of a build server's.
Then each team releases its units one after the other. Two teams begin at the same moment; a unit
has one release at a time, so that of a second team waits.
"""

import os
import re
import shutil
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from benchmarks.experiments.catalogue.changes import Change
from benchmarks.experiments.catalogue.index import commit
from benchmarks.experiments.catalogue.releases import SCENARIOS, STEADY, Ends, Scenario
from benchmarks.experiments.runner.arms import Action, Arm
from benchmarks.targets import Target
from benchmarks.targets.architectures import REPOSITORY
from benchmarks.targets.errors import TargetError
from benchmarks.targets.git import git, resolve
from benchmarks.targets.releases.artifacts import Artifact, Recipe, build, recipe
from benchmarks.targets.releases.canary import Canary
from benchmarks.targets.releases.rollout import one_release

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"  # git's name for no files at all
LONGEST_SECONDS = 900.0  # of one release, and of the wait for another one
PAUSE_SECONDS = 0.05
_PINNED = re.compile(r"^([A-Za-z0-9._-]+==\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Order:
    """One release to make: its artifact, which is built, and the change that it carries."""

    change: str
    unit: str
    artifact: Artifact
    goes_out: dict[str, int]  # lines and dependencies, all and those that changed
    ends: Ends


class ReleaseActor:
    """Release beside the load of a trial; `notes` gets an entry for each release."""

    def __init__(
        self, target: Target, arm: Arm, actions: Sequence[Action], notes: list[dict[str, Any]]
    ) -> None:
        self._target = target
        self._arm = arm
        self._at_seconds = actions[0].at_seconds if actions else 0.0
        self._notes = notes
        self._over = threading.Event()
        self._teams: list[list[_Order]] = []
        self._threads: list[threading.Thread] = []
        self._canary = Canary(target.base_url)

    def __enter__(self) -> Self:
        """Build everything, then let the canary prepare its probe."""
        shutil.rmtree(self._target.run_dir / "artifacts", ignore_errors=True)
        self._build(resolve("HEAD"))
        self._canary.__enter__()
        return self

    def _build(self, on: str) -> None:
        if self._arm.scenario.startswith(STEADY):
            _, unit, times = self._arm.scenario.split()
            order = self._order(STEADY, unit, on, on, Ends.SERVES)
            self._teams = [[order] * int(times)]
            return
        scenario = scenario_named(self._arm.scenario)
        for change in scenario.changes:
            made = commit(change.edits[self._arm.architecture], change.title, on=on)
            self._teams.append(self._team(scenario, change, made, on))
            on = made

    def _team(self, scenario: Scenario, change: Change, made: str, on: str) -> list[_Order]:
        return [
            self._order(change.name, unit, made, on, scenario.ends)
            for unit in change.units[self._arm.architecture]
        ]

    def _order(self, change: str, unit: str, made: str, on: str, ends: Ends) -> _Order:
        made_of = recipe(self._target.architecture, unit)
        os.sync()  # so that what was written before, by earlier trials too, doesn't slow the build
        artifact = build(made_of, made, store=self._target.run_dir / "artifacts")
        return _Order(change, unit, artifact, goes_out(made_of, on, made), ends)

    def progress(self, fields: Mapping[str, Any]) -> None:
        """Ignore the load's progress."""

    def begin(self, step: int) -> None:
        """Start the teams in the first window: each waits its calm seconds, then releases."""
        if step != 0 or self._threads:
            return
        began = time.monotonic()
        for number, team in enumerate(self._teams):
            # The later change includes the earlier one, which is therefore released first.
            starts = began + self._at_seconds + number * 2 * PAUSE_SECONDS
            thread = threading.Thread(target=self._release, args=(team, starts), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _release(self, team: Sequence[_Order], starts: float) -> None:
        for order in team:
            if self._over.wait(max(0.0, starts - time.monotonic())):
                return  # the load is over: no request would be affected any more
            note: dict[str, Any] = {
                "change": order.change,
                "unit": order.unit,
                "build_seconds": order.artifact.seconds,
                "ordered_at": time.monotonic(),
                **order.goes_out,
            }
            self._notes.append(note)
            try:
                self._roll_out(order, note)
            except Exception as error:  # noqa: BLE001 - it makes the trial void
                note["problem"] = f"{type(error).__name__}: {error}"
                return
            note["ended_at"] = time.monotonic()

    def _roll_out(self, order: _Order, note: dict[str, Any]) -> None:
        refused = ""
        with _turn(self._target, order.unit):
            note["began_at"] = time.monotonic()
            steps: dict[str, float] = {}
            try:
                done = self._target.releaser().roll_out(
                    order.unit,
                    order.artifact.installed,
                    canary=self._canary,
                )
                steps = dict(done.seconds)
                note |= {"started": done.started, "ended": done.ended}
            except TargetError as error:
                refused = refusal_of(error)
        note |= {"steps": steps, "refused": refused}
        if bool(refused) != (order.ends != Ends.SERVES):
            note["problem"] = (
                f"the release of {order.unit} should have ended as {order.ends}, but "
                + (f"it was refused: {refused}" if refused else "it serves")
            )

    def __exit__(self, *_exception: object) -> None:
        """Wait for a release that is under way."""
        self._over.set()
        for thread in self._threads:
            thread.join(LONGEST_SECONDS)
            if thread.is_alive():
                self._notes[-1]["problem"] = f"releasing took over {LONGEST_SECONDS:.0f} s"
        self._canary.__exit__()


class _turn:  # noqa: N801 - used as a function that is a context
    """Wait until no other release of the unit is under way, then hold its turn."""

    def __init__(self, target: Target, unit: str) -> None:
        self._target, self._unit = target, unit

    def __enter__(self) -> None:
        deadline = time.monotonic() + LONGEST_SECONDS
        while True:
            self._held = one_release(self._target.run_dir, self._unit)
            try:
                self._held.__enter__()
            except TargetError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(PAUSE_SECONDS)
            else:
                return

    def __exit__(self, *_exception: object) -> None:
        self._held.__exit__(None, None, None)


def scenario_named(name: str) -> Scenario:
    """Return the scenario of this name; KeyError for an unknown one."""
    return {scenario.name: scenario for scenario in SCENARIOS}[name]


def goes_out(made_of: Recipe, before: str, after: str) -> dict[str, int]:
    """Count a release's lines of text and pinned dependencies, and how many of them changed."""
    lock = str(made_of.lock.relative_to(REPOSITORY)) if made_of.lock else ""
    pins = [
        set(_PINNED.findall(git("show", f"{at}:{lock}"))) if lock else set()
        for at in (before, after)
    ]
    return {
        "lines": _added(EMPTY_TREE, after, made_of.paths),
        "lines_changed": _added(before, after, made_of.paths),
        "dependencies": len(pins[1]),
        "dependencies_changed": len(pins[1] - pins[0]),
    }


def _added(before: str, after: str, paths: Sequence[str]) -> int:
    """Count the lines that only the later tree has; binary files have none."""
    counted = git("diff", "--numstat", before, after, "--", *paths)
    return sum(int(line.split()[0]) for line in counted.splitlines() if line[0].isdigit())


def refusal_of(error: TargetError) -> str:
    """Return the first line of why a release was refused, with paths from the checkout on.

    It is shown on pages that others read, whose checkout lies elsewhere.
    """
    return str(error).splitlines()[0].replace(f"{REPOSITORY}/", "")
