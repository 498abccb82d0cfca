"""Pairs of faults: two authors break two components at once, and see failures of each other.

Computed from the faults planted one by one: what is red of two faults is taken to be what is red of
either. Where two faults meet in one test, or one hides the other, a tree with both could differ.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean


@dataclass(frozen=True, slots=True)
class Broken:
    """One fault on one side. `red` are its red and unable tests, by suite, each with its owner.

    `suites` are those that its author would run.
    """

    name: str
    component: str
    owners: frozenset[str]
    suites: frozenset[str]
    red: Mapping[str, Mapping[str, str]]  # suite -> test -> owner


@dataclass(frozen=True, slots=True)
class Team:
    """Over all pairs of faults in different components, each from the view of both authors."""

    views: int
    see_other: float  # the share in which the other author's fault turns tests red
    see_other_in_own: float  # the share in which these are of the own component, or of the whole
    tests_of_other: float  # tests that the other author's fault turns red, mean over all views


def team(broken: Sequence[Broken], whole: str) -> Team | None:
    """Sum up all pairs; None without any."""
    views = [
        (mine, other)
        for one, two in combinations(broken, 2)
        if one.component != two.component
        for mine, other in ((one, two), (two, one))
    ]
    if not views:
        return None
    seen = [_seen(mine, other) for mine, other in views]
    in_own = [
        _own(mine.owners, owners, whole) for (mine, _), owners in zip(views, seen, strict=True)
    ]
    return Team(
        len(views),
        fmean(bool(owners) for owners in seen),
        fmean(it > 0 for it in in_own),
        fmean(len(owners) for owners in seen),
    )


def _seen(mine: Broken, other: Broken) -> list[str]:
    """Return the owners of the tests in the suites of `mine` that `other` alone turns red."""
    return [
        owner
        for suite in mine.suites & other.red.keys()
        for test, owner in other.red[suite].items()
        if test not in mine.red.get(suite, {})
    ]


def _own(owners: Collection[str], found: Sequence[str], whole: str) -> int:
    return sum(owner in owners or owner == whole for owner in found)
