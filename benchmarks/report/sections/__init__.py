"""The page's sections, one module for each kind of sweep: the values of its template.

A section is a dict for its template: `template`, `sweep`, and the module's own values.
"""

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.report.sections import elasticity, floor, load, releases, replicas, work

Sweep = Mapping[str, Any]
Make = Callable[[Sweep, Mapping[str, Any]], dict[str, Any]]

OF_KIND: dict[str, Make] = {  # in the order of the page
    "load": load.section,
    "work": work.section,
    "replicas": replicas.section,
    "elasticity": elasticity.section,
    "releases": releases.section,
    "floor": floor.section,
}


def sections(experiment: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return all sections of a run; a sweep without counted trials has no drawings."""
    return [
        {
            "template": f"{kind}.html.j2",
            "sweep": sweep,
            "is_measured": any(arm["levels"] for arm in sweep["arms"]),
            **make(sweep, experiment),
        }
        for kind, make in OF_KIND.items()
        for sweep in experiment["sweeps"]
        if sweep["kind"] == kind
    ]
