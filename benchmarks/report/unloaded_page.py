"""What the pages of experiments that load nothing have in common."""

from collections.abc import Collection, Mapping
from typing import Any

from benchmarks.report import page
from benchmarks.report.documents import experiment_of
from benchmarks.report.template_environment import environment

ARCHITECTURES = ("monolith", "microservices")


def draw(template: str, results: Mapping[str, Any], **more: Any) -> str:
    """Render a page of its own with what every page is told, and more."""
    told = {
        "results": results,
        "run": results["run"],
        "environment": results["environment"],
        "is_external": False,
        "architectures": ARCHITECTURES,
        "verdict_classes": page.VERDICT_CLASSES,
        "strips": {
            claim["name"]: page.draw_strip(claim) for claim in experiment_of(results)["claims"]
        },
    }
    return environment().get_template(template).render(told | more)


def unfinished(results: Mapping[str, Any], shown: Collection[str]) -> list[str]:
    """Warnings where the run stopped early, or what it was to ask about isn't all shown."""
    run = results["run"]
    if run["status"] != "complete":
        stopped = run["status"].rstrip(".")
        return [f"The run is not complete: {stopped}. What was asked until then is shown."]
    missing = set(run["order"]) - set(shown)
    return [f"Not asked to the end on both sides: {', '.join(sorted(missing))}."] if missing else []
