"""The page of a priced run."""

from benchmarks.cost.document import CostDocument
from benchmarks.report.cost.figure import figure
from benchmarks.report.findings import cost
from benchmarks.report.findings.figure_file import figure_file
from benchmarks.report.findings.markdown import environment

PAGE, FIGURE = "cost.md", "cost.svg"


def files(document: CostDocument) -> dict[str, str]:
    """Return the page of a run and its figure, by their names beside `cost.json`."""
    template = environment().get_template(f"{cost.NAME}.md.j2")
    values = {**cost.context(document), "figure_file": FIGURE, "is_committed": False}
    return {PAGE: template.render(values), FIGURE: figure_file(figure(document))}
