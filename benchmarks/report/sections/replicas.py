"""Replica sweeps: the gain and the cost of more processes on the same core."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from benchmarks.report import formats
from benchmarks.report.figures import canvas
from benchmarks.report.figures.curves import Line, curves
from benchmarks.report.sections.processes import processes
from benchmarks.report.styles import Style, styles_of
from benchmarks.results_model.arms import Arm, Level
from benchmarks.results_model.sweeps import ReplicasSweep


@dataclass(frozen=True, slots=True)
class Group:
    """The arms that scale the same process types, by their rising numbers."""

    name: str
    architecture: str
    scaled: tuple[str, ...]  # process types
    arms: tuple[tuple[int, Arm], ...]


def groups(sweep: ReplicasSweep) -> list[Group]:
    """Return arms grouped by the scaled types; each group begins with the unscaled arm."""
    alone = {arm.architecture: arm for arm in sweep.arms if not arm.replicas}
    found: dict[tuple[str, tuple[str, ...]], list[tuple[int, Arm]]] = {}
    for arm in sweep.arms:
        if arm.replicas:
            key = (arm.architecture, tuple(sorted(arm.replicas)))
            found.setdefault(key, []).append((max(arm.replicas.values()), arm))
    return [
        Group(
            name=re.sub(r"-x\d+$", "", counted[0][1].name),
            architecture=architecture,
            scaled=scaled,
            arms=tuple(
                sorted(
                    [*([(1, alone[architecture])] if architecture in alone else []), *counted],
                    key=lambda pair: pair[0],
                )
            ),
        )
        for (architecture, scaled), counted in found.items()
    ]


def busiest(arm: Arm) -> Level | None:
    """Return the level with the most users; None without a measurement."""
    return max(arm.levels, key=lambda level: level.users, default=None)


def loaded_bytes(arm: Arm) -> float | None:
    """Return the memory of the whole target under load, in bytes; None if unknown."""
    return sum(process.loaded_bytes for process in arm.memory_by_process) or None


def section(sweep: ReplicasSweep) -> dict[str, Any]:
    """Return the values of the template, with three curves over the number of processes."""
    grouped = groups(sweep)
    by_group = styles_of(grouped)
    name = sweep.name
    users = max((level.users for arm in sweep.arms for level in arm.levels), default=0)
    drawn = {
        "throughput": (
            _throughput,
            "Throughput by processes",
            f"ready per second, {users} users",
        ),
        "memory": (_memory, "Memory by processes", "MiB under load"),
        "cost": (_cost, "CPU time by processes", "CPU-ms per submission"),
    }
    drawings = {
        key: curves(
            _lines(grouped, by_group, value, with_trials=key == "throughput"),
            name=f"{name}-{key}",
            title=title,
            x="processes of each scaled type",
            y=y,
            size=canvas.THIRD,
        )
        for key, (value, title, y) in drawn.items()
    }
    return {
        "styles": by_group,
        "groups": grouped,
        "drawings": {key: Markup(drawing) for key, drawing in drawings.items()},  # noqa: S704
        **processes(sweep),
    }


def _throughput(arm: Arm) -> float | None:
    level = busiest(arm)
    return None if level is None else level.throughput.mean


def _memory(arm: Arm) -> float | None:
    held = loaded_bytes(arm)
    return None if held is None else held / formats.MIB


def _cost(arm: Arm) -> float | None:
    return arm.cpu_ms_per_submission


def _lines(
    grouped: Sequence[Group],
    by_group: Mapping[str, Style],
    value: Callable[[Arm], float | None],
    *,
    with_trials: bool,
) -> list[Line]:
    lines = []
    for group in grouped:
        points = [(count, value(arm)) for count, arm in group.arms]
        dots = [
            (float(count), trial)
            for count, arm in group.arms
            if with_trials and (level := busiest(arm)) is not None
            for trial in level.throughput.trials
        ]
        lines.append(
            Line(
                group.name,
                by_group[group.name],
                [(float(at), found) for at, found in points if found is not None],
                dots=dots,
            )
        )
    return lines
