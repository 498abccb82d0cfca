"""Capacity, which is a throughput only where more load did not raise it."""

from collections.abc import Sequence
from dataclasses import dataclass

TOLERANCE = 0.05


@dataclass(frozen=True, slots=True)
class Point:
    """One measured level: how many users, what completed, in how long."""

    users: int
    completed: int
    seconds: float

    @property
    def throughput(self) -> float:
        """Completed submissions a second."""
        return self.completed / self.seconds


@dataclass(frozen=True, slots=True)
class Saturation:
    """What a sweep says; `capacity` (submissions a second) is None where it isn't saturated."""

    saturated: bool
    knee_users: int | None  # the fewest users that reach it
    capacity: float | None
    plateau_users: tuple[int, ...]


def find_saturation(points: Sequence[Point], *, tolerance: float = TOLERANCE) -> Saturation:
    """Find the plateau of a sweep with rising users.

    The knee is the first level within `tolerance` of the best one. The plateau is the knee and all
    levels after it. The sweep is saturated if there is a level after the knee: load was added and
    throughput did not rise by more than the tolerance. Capacity is what was completed on the whole
    plateau over its time, which takes no advantage of the luckiest level; it is also lower than the
    best one where throughput falls back under overload.
    """
    if not points or max(point.completed for point in points) == 0:
        return Saturation(saturated=False, knee_users=None, capacity=None, plateau_users=())
    best = max(point.throughput for point in points)
    knee = next(
        index for index, point in enumerate(points) if point.throughput >= (1 - tolerance) * best
    )
    plateau = points[knee:]
    users = tuple(point.users for point in plateau)
    if len(plateau) == 1:
        return Saturation(False, points[knee].users, None, users)
    completed = sum(point.completed for point in plateau)
    seconds = sum(point.seconds for point in plateau)
    return Saturation(True, points[knee].users, completed / seconds, users)
