"""Kinds of process, so that both architectures' can be set side by side: "web", "worker", a part.

A kind is a process's name without its unit's and without its number. Which names there are is none
of the report's business.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

ROLES = ("unit", "edge", "backing")


def kind_of(part: Mapping[str, Any]) -> str:
    """`submissions-web-1` of unit `submissions` is "web"; `postgres` is "postgres"."""
    name = re.sub(r"-\d+$", "", str(part["process"]))
    return name.removeprefix(f"{part['unit']}-") or name


def kinds_in(parts: Iterable[Mapping[str, Any]], amount: str) -> list[tuple[str, str]]:
    """(role, kind) of all parts: units, the edge, backing parts; the largest of each role first."""
    totals: dict[tuple[str, str], float] = {}
    for part in parts:
        key = (str(part["role"]), kind_of(part))
        totals[key] = totals.get(key, 0.0) + float(part[amount])
    return sorted(totals, key=lambda key: (ROLES.index(key[0]), -totals[key], key[1]))


def by_kind(parts: Iterable[Mapping[str, Any]], amount: str) -> dict[tuple[str, str], float]:
    """Amounts per (role, kind)."""
    totals: dict[tuple[str, str], float] = {}
    for part in parts:
        key = (str(part["role"]), kind_of(part))
        totals[key] = totals.get(key, 0.0) + float(part[amount])
    return totals
