"""The common values of the pages of experiments without load."""

from collections.abc import Collection, Mapping
from typing import Any

from benchmarks.report import page
from benchmarks.report.documents import experiment_of
from benchmarks.report.template_environment import environment

ARCHITECTURES = ("monolith", "microservices")


def draw(template: str, results: Mapping[str, Any], **more: Any) -> str:
    """Return the page of a template with the common values of every page, and `more`."""
    common = {
        "results": results,
        "run": results["run"],
        "environment": results["environment"],
        "is_external": False,
        "architectures": ARCHITECTURES,
        "verdict_classes": page.VERDICT_CLASSES,
        "plots": {
            claim["name"]: page.draw_interval(claim) for claim in experiment_of(results)["claims"]
        },
    }
    return environment().get_template(template).render(common | more)


def unfinished(results: Mapping[str, Any], shown: Collection[str]) -> list[str]:
    """Return warnings for a run that stopped early, or whose cases aren't all in `shown`."""
    run = results["run"]
    if run["status"] != "complete":
        stopped = run["status"].rstrip(".")
        return [f"The run is not complete: {stopped}. The cases until then are shown."]
    missing = set(run["order"]) - set(shown)
    return [f"Not completed on both sides: {', '.join(sorted(missing))}."] if missing else []
