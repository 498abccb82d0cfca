"""Capacity: the throughput of a sweep that more load did not raise."""

from collections.abc import Sequence
from dataclasses import dataclass

TOLERANCE = 0.05


@dataclass(frozen=True, slots=True)
class Point:
    """One measured level: users, completed submissions, and seconds."""

    users: int
    completed: int
    seconds: float

    @property
    def throughput(self) -> float:
        """Return the completed submissions a second."""
        return self.completed / self.seconds


@dataclass(frozen=True, slots=True)
class Saturation:
    """The saturation of a sweep; `capacity` (submissions/s) is None without saturation."""

    saturated: bool
    knee_users: int | None  # the fewest users that reach the plateau
    capacity: float | None
    plateau_users: tuple[int, ...]


def find_saturation(points: Sequence[Point], *, tolerance: float = TOLERANCE) -> Saturation:
    """Return the plateau of a sweep with rising users, and the capacity.

    The knee is the first level within `tolerance` of the best one. The plateau is the knee and all
    levels after it. The sweep is saturated if there is a level after the knee: load was added and
    throughput did not rise by more than the tolerance. Capacity is the throughput of the whole
    plateau, which isn't biased towards the luckiest level; it is also lower than the
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
