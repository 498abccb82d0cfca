"""The page of a run, beside its `profile.json`."""

from benchmarks.report.findings import profile
from benchmarks.report.findings.figure_file import figure_file
from benchmarks.report.findings.markdown import environment
from benchmarks.report.request_profile.figure import figure
from benchmarks.results_model.request_profile import ProfileDocument

PAGE, FIGURE = "profile.md", "profile.svg"


def files(document: ProfileDocument) -> dict[str, str]:
    """Return the page of a run and its figure, by their names."""
    template = environment().get_template(f"{profile.NAME}.md.j2")
    values = {**profile.context(document), "figure_file": FIGURE, "is_committed": False}
    return {PAGE: template.render(values), FIGURE: figure_file(figure(document))}
