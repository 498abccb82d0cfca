"""What the terminal shows while a run goes on: what is being done, how far it is, the time left.

On a terminal one line that is redrawn; otherwise plain lines, one for each step and one now and
then in between, so that a log stays readable.
"""

import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

PLAIN_EVERY_SECONDS = 15.0


class TimeLeft:
    """Estimates the time left from planned steps; each step done corrects those of its kind."""

    def __init__(
        self,
        planned_seconds: Mapping[str, float],
        steps: list[str],
        later_seconds: float = 0.0,
    ) -> None:
        """Take the seconds per kind of step, the steps, and what comes after all of them."""
        self._planned = dict(planned_seconds)
        self._steps = list(steps)
        self._later_seconds = later_seconds
        self._done: dict[str, list[float]] = {}

    def add(self, kinds: Sequence[str]) -> None:
        """Add steps of these kinds, which weren't planned."""
        self._steps += kinds

    def finish(self, kind: str, seconds: float) -> None:
        """Note that a step of this kind took so long."""
        self._steps.remove(kind)
        self._done.setdefault(kind, []).append(seconds)

    def seconds(self, *, current: str | None = None, elapsed: float = 0.0) -> float:
        """Time left, `elapsed` seconds into a step of kind `current`."""
        left = sum(self._expected(kind) for kind in self._steps) + self._later_seconds
        return left - min(elapsed, self._expected(current)) if current else left

    def _expected(self, kind: str) -> float:
        done = self._done.get(kind)
        return sum(done) / len(done) if done else self._planned[kind]


class Display:
    """Show a run's steps; `show` names the activity within the present one."""

    def __init__(self, console: Console, time_left: TimeLeft) -> None:
        self._console = console
        self._time_left = time_left
        self._kind, self._title = "", ""
        self._began = self._last_plain = self._run_began = time.monotonic()
        self._bar: Progress | None = None
        self._task = TaskID(0)

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(bar_width=24),
                TextColumn("{task.percentage:>3.0f} %  {task.fields[left]}"),
                console=self._console,
                transient=True,
                refresh_per_second=2,  # it runs on the generator's core
            )
            self._task = self._bar.add_task("starting", total=1.0, left="")
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begin(self, kind: str, title: str) -> None:
        """Begin a step."""
        self._kind, self._title, self._began = kind, title, time.monotonic()
        self._show("", plain=True)

    def show(self, what: str) -> None:
        """Show what the step is doing."""
        self._show(what, plain=time.monotonic() - self._last_plain > PLAIN_EVERY_SECONDS)

    def end(self, outcome: str) -> None:
        """End the step; its outcome stays on the screen."""
        self._time_left.finish(self._kind, time.monotonic() - self._began)
        self.note(f"{self._title}: {outcome}")
        self._kind = ""

    def note(self, text: str) -> None:
        """Print a line that stays."""
        console = self._bar.console if self._bar is not None else self._console
        self._print(console, text)

    @staticmethod
    def _print(console: Console, text: str) -> None:
        console.print(text, highlight=False, markup=False, soft_wrap=True)

    def _show(self, what: str, *, plain: bool) -> None:
        now = time.monotonic()
        left = self._time_left.seconds(current=self._kind or None, elapsed=now - self._began)
        text = f"{self._title}: {what}" if what else self._title
        if self._bar is not None:
            share = (now - self._run_began) / max(now - self._run_began + left, 1e-9)
            self._bar.update(
                self._task, description=text, completed=share, left=f"{clock(left)} left"
            )
        elif plain:
            self._last_plain = now
            self._print(self._console, f"[{clock(left)} left] {text}")


def clock(seconds: float) -> str:
    """Format a duration as minutes and seconds: 3:07."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"
