"""The README's tables as the code would write them, in a process of its own: it imports Locust.

`python -m benchmarks.tests.documents` prints them, to be copied when the code has changed.
"""

import json
from itertools import groupby
from typing import Any

from benchmarks.experiments.runner.profiles import PROFILES
from benchmarks.experiments.scaling.sizes import DURATIONS
from benchmarks.experiments.scaling.sweeps import sweeps
from benchmarks.workload.arguments import (
    ARRIVAL_ARGUMENTS,
    DEFAULT_IMAGE,
    FLOW_ARGUMENTS,
    STEP_ARGUMENTS,
    Argument,
)
from benchmarks.workload.users import MixedUser


def profiles() -> list[str]:
    """One row per profile."""
    return [
        f"| `{it.name}` | {_blocks(it.name)} | {it.description} | {DURATIONS[it.name]} |"
        for it in PROFILES.values()
    ]


def _blocks(profile: str) -> str:
    return ", ".join(f"{sweep.name} {sweep.blocks}" for sweep in sweeps(profile))


def tasks() -> list[str]:
    """One row per task of the Locust file, in its order."""
    rows = []
    for task, copies in groupby(MixedUser.tasks):
        about: Any = task
        tags = " ".join(sorted(about.locust_tag_set))
        described = str(about.__doc__).strip()
        rows.append(f"| `{about.__name__}` | {len(list(copies))} | {tags} | {described} |")
    return rows


def arguments() -> list[str]:
    """One row per argument of all Locust files."""
    return [_argument(it) for it in FLOW_ARGUMENTS]


def steps() -> list[str]:
    """One row per argument that only the capacity file has."""
    return [_argument(it) for it in STEP_ARGUMENTS]


def arrivals() -> list[str]:
    """One row per argument that only the latency file has."""
    return [_argument(it) for it in ARRIVAL_ARGUMENTS]


def _argument(argument: Argument) -> str:
    default = f"`{argument.default}`" if argument.default != "" else "none"
    if argument.default == str(DEFAULT_IMAGE):
        default = "`shared/fixtures/load.jpg`"
    return f"| `{argument.flag}` | `{argument.variable}` | {default} | {argument.help} |"


if __name__ == "__main__":
    tables = {it.__name__: it() for it in (profiles, tasks, arguments, steps, arrivals)}
    print(json.dumps(tables, indent=1))  # noqa: T201 - that is what it is run for
