"""Single trials with an injected fault, and what the harness must report of each."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import psycopg

from benchmarks.experiments.runner.arms import Arm
from benchmarks.experiments.runner.deployment import deploy_arm
from benchmarks.experiments.runner.generator import Event, Generator
from benchmarks.experiments.runner.loads import make_load
from benchmarks.experiments.runner.protocols import MakeLoad

STALL_SECONDS = 1.5
CLOCK_SECONDS = 5.0
CLOCK = Path(__file__).with_name("code_overrides") / "clock"


@dataclass(frozen=True, slots=True)
class InjectedFault:
    """A planted fault: the changed deployment or load, and the reason to be reported."""

    name: str
    title: str
    expected: str  # text within the reason that voids the trial; "": it must not be void
    deploy: Callable[..., Any] = deploy_arm
    load: MakeLoad = make_load


def _losing(arm: Arm, **options: Any) -> Any:
    """Return a target that loses one submission before its rows are counted."""
    target: Any = deploy_arm(arm, **options)
    count = target.counts

    def counts() -> Any:
        with psycopg.connect(target.store_environment()["DATABASE_URL"]) as connection:
            connection.execute(
                "DELETE FROM submissions_submission WHERE id = "
                "(SELECT id FROM submissions_submission LIMIT 1)"
            )
        return count()

    target.counts = counts
    return target


class _FaultyGenerator:
    """A generator to which something is done once its first window begins, however late that is."""

    def __init__(self, inner: Generator, planted: Callable[[int], None]) -> None:
        self._inner = inner
        self._planted = planted

    def events(self) -> Iterator[Event]:
        """Yield the generator's events; call `planted` with its pid at the first window's start."""
        for event in self._inner.events():
            if event.kind == "window-start" and event.fields["step"] == 0:
                self._planted(self._inner.pid)
            yield event

    def __enter__(self) -> Self:
        self._inner.__enter__()
        return self

    def __exit__(self, *exception: Any) -> None:
        self._inner.__exit__(*exception)


def _stall(pid: int) -> None:
    """Stop a process for a while, as on a busy host."""

    def stall() -> None:
        time.sleep(0.2)
        os.kill(pid, signal.SIGSTOP)
        time.sleep(STALL_SECONDS)
        os.kill(pid, signal.SIGCONT)

    threading.Thread(target=stall, daemon=True).start()


def _set_clock(pid: int) -> None:
    os.kill(pid, signal.SIGUSR1)


def _stalling(arm: Arm, target: Any, **options: Any) -> Any:
    return _FaultyGenerator(make_load(arm, target, **options), _stall)


def _skewed(_arm: Arm, target: Any, **options: Any) -> Any:
    planted = {"PYTHONPATH": str(CLOCK), "PLANTED_CLOCK_BY_SECONDS": f"{CLOCK_SECONDS:g}"}
    generator = Generator(base_url=target.base_url, environment=planted, **options)
    return _FaultyGenerator(generator, _set_clock)


FAULTS = (
    InjectedFault("control", "no fault", ""),
    InjectedFault("loss", "one row is deleted before counting", "the target holds", deploy=_losing),
    InjectedFault(
        "stall", f"the generator is stopped for {STALL_SECONDS} s", "stood still", load=_stalling
    ),
    InjectedFault(
        "clock", f"the clock is set by {CLOCK_SECONDS:g} s", "the wall clock was set", load=_skewed
    ),
)
