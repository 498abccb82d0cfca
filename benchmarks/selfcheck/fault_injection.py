"""Single trials that are hurt on purpose, and what the harness must say of each."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import psycopg

from benchmarks.experiments.deploying import deploy_arm
from benchmarks.experiments.engine.arms import Arm
from benchmarks.experiments.engine.generator import Event, Generator
from benchmarks.experiments.engine.loads import make_load
from benchmarks.experiments.engine.protocols import MakeLoad

STALL_SECONDS = 1.5
CLOCK_SECONDS = 5.0
CLOCK = Path(__file__).with_name("code_overrides") / "clock"


@dataclass(frozen=True, slots=True)
class Hurt:
    """A planted fault: how the deploy and the load are changed, and what must be said."""

    name: str
    says: str
    expected: str  # stands in the reason that voids the trial; empty: it must not be void
    deploy: Callable[..., Any] = deploy_arm
    load: MakeLoad = make_load


def _losing(arm: Arm, **options: Any) -> Any:
    """A target that has lost one submission by the time its rows are counted."""
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


class _Stalling:
    """A generator that is stopped for a while in its first window, as a busy host might do."""

    def __init__(self, inner: Generator) -> None:
        self._inner = inner

    def events(self) -> Iterator[Event]:
        """The generator's own events; the first window begins the stall."""
        for event in self._inner.events():
            if event.kind == "window-start" and event.fields["step"] == 0:
                threading.Thread(target=self._stall, daemon=True).start()
            yield event

    def _stall(self) -> None:
        time.sleep(0.2)
        os.kill(self._inner.pid, signal.SIGSTOP)
        time.sleep(STALL_SECONDS)
        os.kill(self._inner.pid, signal.SIGCONT)

    def __enter__(self) -> Self:
        self._inner.__enter__()
        return self

    def __exit__(self, *exception: Any) -> None:
        self._inner.__exit__(*exception)


def _stalling(arm: Arm, target: Any, **options: Any) -> Any:
    return _Stalling(make_load(arm, target, **options))


def _skewed(_arm: Arm, target: Any, **options: Any) -> Any:
    planted = {
        "PYTHONPATH": str(CLOCK),
        "PLANTED_CLOCK_AFTER_SECONDS": "4",
        "PLANTED_CLOCK_BY_SECONDS": f"{CLOCK_SECONDS:g}",
    }
    return Generator(base_url=target.base_url, environment=planted, **options)


HURTS = (
    Hurt("control", "nothing is hurt", ""),
    Hurt("loss", "one row is deleted before counting", "the target holds", deploy=_losing),
    Hurt("stall", f"the generator is stopped for {STALL_SECONDS} s", "stood still", load=_stalling),
    Hurt(
        "clock", f"the clock is set by {CLOCK_SECONDS:g} s", "the wall clock was set", load=_skewed
    ),
)
