"""Made-up trials: any arm stepped through any sweep, and what may be the matter with one."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from benchmarks.analysis.accounting import Ledger
from benchmarks.analysis.trials import READ, READY, SHED, Call, Window, measure, saturation
from benchmarks.analysis.validity import is_disturbed, void_reasons
from benchmarks.experiments.runner.arms import EXTERNAL, Arm, Sweep
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.tests.report.made_up_arms import costs, latency_ms, readings, throughput
from benchmarks.tests.report.made_up_overhead import overhead_trial
from benchmarks.workload.schedule import Step

BEGIN = 100.0


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What may be the matter with a trial."""

    speed: float = 1.0
    lost: int = 0  # rows that are missing
    others: float = 0.0  # cores that something else uses
    late: int = 0  # arrivals of each open step that were never sent
    drift_ms: float = 0.0
    skew_ms: float | None = -3.0


def _calls(arm: Arm, index: int, step: Step, start: float, about: Circumstances) -> list[Call]:
    count = round(throughput(arm, step, about.speed) * step.window_seconds)
    typical = latency_ms(arm, step, about.speed)
    calls = []
    for n in range(count):
        ended = start + (n + 0.5) * step.window_seconds / count
        for name, latency in (
            ("/submissions (upload)", typical / 10 * (1 + n % 5 / 10)),
            (READY, typical * (1 + n % 7 / 20)),
            (READ, 12.0 * (1 + n % 4 / 10)),
        ):
            began = ended - latency / 1000
            calls.append(Call(name, began, ended, latency, False, index, measured=True))
    return calls


def _stepped(start: float, trial: Mapping[str, Any], steps: list[tuple[Step, float]]) -> list[Call]:
    """Flows around a step: slow from it until two seconds after the new processes were ready."""
    calls = []
    for index, (step, began) in enumerate(steps):
        for n in range(round(step.rate * step.window_seconds)):
            intended = began + n / step.rate
            since, back = intended - start, trial["ready_at"] + 2.0
            slow = since > 0.0 and intended < back
            latency = 400.0 + (min(since, 5.0) * 900.0 if slow else 0.0) + n % 3 * 40
            ended = intended + latency / 1000
            calls.append(
                Call(READY, intended, ended, latency, failed=False, step=index, measured=True)
            )
    calls.append(Call(SHED, start + 3.5, start + 3.5, 0.0, failed=True, step=1, measured=True))
    return calls


def _window(
    arm: Arm, step: Step, *, index: int, start: float, done: float, about: Circumstances
) -> Window:
    seen = arm.architecture != EXTERNAL
    end = start + step.window_seconds
    due = round(step.rate * step.window_seconds)
    used = done * sum(costs(arm).values()) / 1000 if seen else 0.0
    counted = {"messages_published": 3.0 * done, "broker_bytes": 4096.0 * done}
    return Window(
        step=index,
        users=step.users,
        rate=step.rate,
        start=start,
        end=end,
        before=readings(arm, start, 0.0) if seen else (),
        after=readings(arm, end, done) if seen else (),
        generator_share=0.04,
        harness_share=0.01,
        lag_p99_ms=2.0,
        lag_max_ms=9.0,
        steal_share=0.0,
        core_busy_seconds=used + about.others * step.window_seconds,
        offered=due,
        started=due - (about.late if due else 0),
        shed=0,
        counters={**counted, "database_statements": None} if seen else {},
    )


@dataclass(slots=True)
class Maker:
    """Makes trials, numbered in the order of making."""

    made: list[Trial] = field(default_factory=list)

    def trial(
        self, sweep: Sweep, arm: Arm, block: int, about: Circumstances | None = None
    ) -> Trial:
        """One trial."""
        about = about or Circumstances()
        if sweep.kind == "overhead":
            self.made.append(overhead_trial(sweep, arm, block, len(self.made) + 1, about.speed))
            return self.made[-1]
        number = len(self.made) + 1
        steps = sweep.schedule.steps
        ends = list(accumulate((step.seconds for step in steps), initial=BEGIN))
        starts = [end + step.warm_up_seconds for end, step in zip(ends, steps, strict=False)]
        actions = _actions(arm, starts) if sweep.actions else []
        if actions:
            calls = _stepped(starts[1], actions[0], list(zip(steps, starts, strict=True)))
        else:
            pairs = zip(steps, starts, strict=True)
            calls = [
                call
                for index, (step, start) in enumerate(pairs)
                for call in _calls(arm, index, step, start, about)
            ]
        windows = [
            _window(
                arm,
                step,
                index=index,
                start=start,
                done=_done(calls, step, start, about),
                about=about,
            )
            for index, (step, start) in enumerate(zip(steps, starts, strict=True))
        ]
        seen = arm.architecture != EXTERNAL
        levels = tuple(measure(window, calls, seen=seen) for window in windows)
        count = sum(call.name == READY for call in calls)
        rows = count - about.lost
        known = (rows, 0, rows) if seen else (None, None, None)
        ledger = Ledger(count, count, 0, rows, *known)
        found = Trial(
            document={
                "name": f"{number:03d}-{sweep.name}-block{block}-{arm.name}",
                "number": number,
                "sweep": sweep.name,
                "block": block,
                "arm": arm.name,
                "architecture": arm.architecture,
                "started_at": "2026-01-02T03:04:05+00:00",
                "seconds": 50.0,
                "deploy_seconds": 8.0,
                "load_average": [0.1, 0.2, 0.3],
                "actions": actions,
                "drained": {
                    "wall_drift_ms": about.drift_ms,
                    "target_clock_skew_ms": about.skew_ms,
                },
            },
            levels=levels,
            calls=tuple(calls),
            rest=readings(arm, 0.0, 0.0) if seen else (),
            ledger=ledger,
            saturation=saturation(levels),
            void=tuple(void_reasons(levels, ledger, wall_drift_ms=about.drift_ms)),
            disturbed=seen and is_disturbed(levels, target_cores=1),
        )
        self.made.append(found)
        return found


def _done(calls: list[Call], step: Step, start: float, about: Circumstances) -> float:
    """What the processes worked for: a slow machine takes a little more for the same."""
    inside = [it for it in calls if it.name == READY and start <= it.ended_at]
    done = sum(call.ended_at < start + step.window_seconds for call in inside)
    return done / math.pow(about.speed, 0.2)


def _actions(arm: Arm, starts: list[float]) -> list[dict[str, Any]]:
    """Orders, and when they were done: the more is scaled, the longer it takes."""
    ordered = starts[1] + 5.0
    takes = 2.0 * len(arm.scaled)
    back = starts[2] + 2.0
    return [
        {"out": True, "ordered_at": ordered, "ready_at": ordered + takes},
        {"out": False, "ordered_at": back, "ready_at": back + 1.0},
    ]
