"""CPU time and memory by kind of process, for all arms of a sweep."""

from itertools import chain
from typing import Any

from markupsafe import Markup

from benchmarks.report import formats, svg
from benchmarks.report.figures.stacked_bars import stacked
from benchmarks.report.process_kinds import kinds_in
from benchmarks.results_model.sweeps import Sweep


def processes(sweep: Sweep) -> dict[str, Any]:
    """Return both drawings and their legend; None if no process could be read."""
    arms = [arm for arm in sweep.arms if arm.cpu_by_process]
    if not arms:
        return {"processes": None}
    cpu = {arm.name: arm.cpu_by_process for arm in arms}
    memory = {arm.name: arm.memory_by_process for arm in arms}
    # The same kinds in both figures, so that one colour is one kind.
    used = list(chain.from_iterable(cpu.values()))
    kinds = kinds_in(used, lambda process: process.cpu_ms)
    return {
        "processes": {
            "arms": arms,
            "cpu": Markup(  # noqa: S704 - our own drawing, its text escaped
                stacked(
                    cpu,
                    kinds,
                    name=f"{sweep.name}-parts-cpu",
                    title="Where the CPU time goes",
                    axis="CPU-ms per completed submission",
                    amount=lambda process: process.cpu_ms,
                )
            ),
            "memory": Markup(  # noqa: S704
                stacked(
                    memory,
                    kinds,
                    name=f"{sweep.name}-parts-memory",
                    title="Memory under load",
                    axis="MiB under load",
                    amount=lambda process: process.loaded_bytes,
                    scale=1 / formats.MIB,
                )
            ),
            "legend": [
                {
                    "name": formats.label(kind[1]),
                    "variable": svg.variable_of(svg.kind_colour(svg.kind_number(kinds, kind))),
                }
                for kind in kinds
            ],
        }
    }
