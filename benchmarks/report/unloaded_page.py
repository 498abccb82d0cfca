"""The common values of the pages of experiments without load."""

from collections.abc import Collection
from typing import Any

from benchmarks.report.template_environment import environment
from benchmarks.results_model.document import ResultsDocument

ARCHITECTURES = ("monolith", "microservices")


def draw(template: str, document: ResultsDocument, **more: Any) -> str:
    """Return the page of a template with the common values of every page, and `more`."""
    common = {
        "results": document,
        "run": document.run,
        "environment": document.environment,
        "is_external": False,
        "architectures": ARCHITECTURES,
    }
    return environment().get_template(template).render(common | more)


def unfinished(document: ResultsDocument, shown: Collection[str]) -> list[str]:
    """Return warnings for a run that stopped early, or whose cases aren't all in `shown`."""
    run = document.run
    if run.status != "complete":
        stopped = run.status.rstrip(".")
        return [f"The run is not complete: {stopped}. The cases until then are shown."]
    missing = set(run.order) - set(shown)
    return [f"Not completed on both sides: {', '.join(sorted(missing))}."] if missing else []
