"""When a generator makes how much load.

Imports nothing of Locust, which patches the whole process that it is imported into: the harness
uses this module too.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """Where a schedule stands: the step's users, and whether its window has begun."""

    users: int
    measured: bool


@dataclass(frozen=True, slots=True)
class Schedule:
    """Rising numbers of users. `opening_seconds` lengthens the first warm-up, for a cold target."""

    levels: tuple[int, ...]
    warm_up_seconds: float
    window_seconds: float
    opening_seconds: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what can't be stepped through."""
        if not self.levels or min(self.levels) < 1 or list(self.levels) != sorted(set(self.levels)):
            raise ValueError(f"levels must be rising numbers of users, not {self.levels}")
        if self.warm_up_seconds < 0 or self.window_seconds <= 0:
            raise ValueError("a step needs a window above 0 s and a warm-up of 0 s or more")

    @property
    def seconds(self) -> float:
        """How long the whole schedule takes."""
        step = self.warm_up_seconds + self.window_seconds
        return self.opening_seconds + step * len(self.levels)

    def at(self, seconds: float) -> Step | None:
        """Where the schedule stands after so many seconds; None when it is over."""
        rest = seconds
        for index, users in enumerate(self.levels):
            warm_up = self.warm_up_seconds + (self.opening_seconds if index == 0 else 0.0)
            if rest < warm_up + self.window_seconds:
                return Step(users, measured=rest >= warm_up)
            rest -= warm_up + self.window_seconds
        return None


def parse_levels(text: str) -> tuple[int, ...]:
    """Read levels as the command line gives them: "1,2,4,8"."""
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError:
        raise ValueError(f"levels must be numbers with commas between, not {text!r}") from None
