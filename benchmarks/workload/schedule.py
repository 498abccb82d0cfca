"""The schedule of a generator: steps of load with their durations.

This module doesn't import Locust, which patches the whole process that imports it: the harness
uses this module too.
"""

import math
from dataclasses import asdict, dataclass, fields
from itertools import accumulate, chain
from typing import Any, Self

from benchmarks.workload.arrivals import MIX


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a schedule: either `users` above 0 (closed) or `rate` above 0 (open).

    Closed: `users` that each begin the next flow after the last response. Open: Poisson arrivals,
    `rate` of them a second, `arrivals` in the window exactly; `mixed` ones use all features, and
    `even` ones use each feature equally often. A `persistent` client that waits for its submission
    repeats a refused request until its time limit. A mixed step with a `group` draws each so many
    arrivals in a row as these features (of `arrivals.MIX`), in random order.

    ValueError for neither users nor a rate, for both, and for contradicting values.
    """

    warm_up_seconds: float
    window_seconds: float
    users: int = 0
    rate: float = 0.0
    mixed: bool = False
    even: bool = False
    persistent: bool = False
    group: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the values; ValueError for contradicting or impossible ones."""
        if self.mixed and not self.rate > 0:
            raise ValueError("only arrivals can be mixed: a mixed step needs a rate above 0")
        if self.even and not self.mixed:
            raise ValueError("only mixed arrivals can be even")
        if self.group and (not self.mixed or self.even):
            raise ValueError("only mixed arrivals that aren't even can have a group")
        unknown = sorted({*self.group} - {*MIX})
        if unknown:
            raise ValueError(f"there is no feature {unknown[0]!r}: there are {', '.join(MIX)}")
        if self.persistent and not self.rate > 0:
            raise ValueError("only the clients of arrivals can be persistent")
        if self.users < 0 or self.rate < 0 or (self.users > 0) == (self.rate > 0):
            raise ValueError(
                f"a step has users or a rate above 0, one of the two, "
                f"not users {self.users} and rate {self.rate}"
            )
        if not all(map(math.isfinite, (self.rate, self.warm_up_seconds, self.window_seconds))):
            raise ValueError("a step's rate and times must be finite numbers")
        if self.warm_up_seconds < 0 or self.window_seconds <= 0:
            raise ValueError("a step needs a window above 0 s and a warm-up of 0 s or more")

    @property
    def is_open(self) -> bool:
        """Return whether arrivals come at a rate, independent of the responses."""
        return self.rate > 0

    @property
    def arrivals(self) -> int:
        """Return how many arrivals its window is offered; 0 if it is closed."""
        return round(self.rate * self.window_seconds)

    @property
    def seconds(self) -> float:
        """Return the seconds of warm-up and window together."""
        return self.warm_up_seconds + self.window_seconds

    @property
    def label(self) -> str:
        """Return the step's name in reports: "8 users", "1 user", "5/s"."""
        if self.is_open:
            return f"{self.rate:g}/s"
        return f"{self.users} user" + ("s" if self.users > 1 else "")


@dataclass(frozen=True, slots=True)
class Moment:
    """A position in a schedule: the step, and whether its window has begun."""

    index: int
    step: Step
    measured: bool


@dataclass(frozen=True, slots=True)
class Schedule:
    """Steps, one after another. They may mix: closed, open, rising and falling."""

    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        """Check that there is a step; ValueError otherwise."""
        if not self.steps:
            raise ValueError("a schedule needs a step")

    @classmethod
    def closed(
        cls,
        levels: tuple[int, ...],
        warm_up_seconds: float,
        window_seconds: float,
        opening_seconds: float = 0.0,
    ) -> Self:
        """Return a schedule of rising numbers of users; ValueError for levels that don't rise.

        `opening_seconds` lengthens the first warm-up, for a cold target.
        """
        if not levels or min(levels) < 1 or list(levels) != sorted(set(levels)):
            raise ValueError(f"levels must be rising numbers of users, not {levels}")
        first = Step(opening_seconds + warm_up_seconds, window_seconds, levels[0])
        return cls((first, *(Step(warm_up_seconds, window_seconds, users) for users in levels[1:])))

    @property
    def seconds(self) -> float:
        """Return the seconds of the whole schedule."""
        return sum(step.seconds for step in self.steps)

    @property
    def most_users(self) -> int:
        """Return the highest number of users of a closed step; 0 if all are open."""
        return max(step.users for step in self.steps)

    def first(self, steps: int) -> "Schedule":
        """Return a schedule of the first `steps` steps; ValueError for none."""
        return Schedule(self.steps[:steps])

    @property
    def edges(self) -> tuple[float, ...]:
        """Return the seconds at which each warm-up and each window ends."""
        phases = ((step.warm_up_seconds, step.window_seconds) for step in self.steps)
        return tuple(accumulate(chain.from_iterable(phases)))

    def at(self, seconds: float) -> Moment | None:
        """Return the position after so many seconds; None after the end."""
        edges = self.edges
        for index, step in enumerate(self.steps):
            if seconds < edges[2 * index + 1]:
                return Moment(index, step, measured=seconds >= edges[2 * index])
        return None

    def to_json(self) -> list[dict[str, Any]]:
        """Return the steps as JSON values, without the fields that are 0."""
        return [
            {name: value for name, value in asdict(step).items() if value or "seconds" in name}
            for step in self.steps
        ]

    @classmethod
    def from_json(cls, document: Any) -> Self:
        """Return the schedule of `to_json` values; ValueError, with one sentence, for others."""
        if not isinstance(document, list):
            raise ValueError("a schedule is a list of steps")
        return cls(tuple(map(_step, document)))


def _step(document: Any) -> Step:
    names = [field.name for field in fields(Step)]
    if not isinstance(document, dict) or not {*names[:2]} <= document.keys() <= {*names}:
        raise ValueError(
            f"a step has warm_up_seconds, window_seconds and users or rate, not {document!r}"
        )
    for name, value in document.items():
        if name in {"mixed", "even", "persistent"}:
            if not isinstance(value, bool):
                raise ValueError(f"{name} of a step is true or false, not {value!r}")
            continue
        if name == "group":
            if not isinstance(value, list | tuple) or not all(isinstance(it, str) for it in value):
                raise ValueError(f"group of a step is a list of features, not {value!r}")
            continue
        kinds = (int,) if name == "users" else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds):
            raise ValueError(f"{name} of a step must be a number, not {value!r}")
    group = tuple(document.get("group", ()))
    return Step(**{**document, "group": group})


def parse_levels(text: str) -> tuple[int, ...]:
    """Return the levels of a text such as "1,2,4,8"; ValueError for others."""
    try:
        return tuple(int(level) for level in text.split(","))
    except ValueError:
        raise ValueError(f"levels must be numbers with commas between, not {text!r}") from None
