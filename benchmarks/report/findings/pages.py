"""The table of generated pages: what each is made from, and the text that follows."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from jinja2 import Environment

from benchmarks.cost.document import read_cost
from benchmarks.planning.document import read_plan
from benchmarks.planning.sources import PLAN
from benchmarks.report.cost.figure import figure as cost_figure
from benchmarks.report.findings import (
    code_size,
    contract,
    cost,
    decide,
    deploy,
    edge,
    faults,
    growth,
    harness,
    internet_scale,
    isolation,
    offload,
    overhead,
    platform,
    profile,
    recognizer,
    rehearsal,
    reliability,
    replication,
    scaling,
    stalls,
    trace,
)
from benchmarks.report.findings.errors import FindingsError
from benchmarks.report.findings.figure_file import figure_file
from benchmarks.report.findings.markdown import environment
from benchmarks.report.planning.figure import figure as plan_figure
from benchmarks.report.recognizer.figure import figure as recognizer_figure
from benchmarks.report.request_profile.figure import figure as profile_figure
from benchmarks.report.trace.figure import figure as trace_figure
from benchmarks.results_model import reading
from benchmarks.results_model.contract import ContractResults
from benchmarks.results_model.edge import EdgeResults
from benchmarks.results_model.experiments import (
    DeployResults,
    OffloadResults,
    OtherResults,
    ScalingResults,
)
from benchmarks.results_model.faults import FaultsResults
from benchmarks.results_model.growth import read_growth
from benchmarks.results_model.isolation import IsolationResults
from benchmarks.results_model.request_profile import read_profile
from benchmarks.results_model.trace import read_trace

REPOSITORY = Path(__file__).resolve().parents[3]
RESULTS = REPOSITORY / "benchmarks" / "results"
DOCS = REPOSITORY / "docs"
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """One page: `docs/<name>.md` from `templates/<name>.md.j2`, and its figure, if it has one.

    `source` is the file that it is made from, below `benchmarks/results`. `kind` is the type of an
    experiment's results; `dict` for the documents of other commands.
    """

    name: str
    source: str
    kind: type[R]
    context: Callable[[R], dict[str, Any]]
    figure: Callable[[R], str] | None = None

    def files(self, results: Path, templates: Environment) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the template's values, and the text of the page's files by their names."""
        source, origin = self._read(results / self.source)
        values = {**self.context(source), **origin}
        name = f"{self.name}.md"
        files = {name: templates.get_template(f"{name}.j2").render(values)}
        if self.figure is not None:
            files[f"images/{self.name}.svg"] = figure_file(self.figure(source))
        return values, files

    def _read(self, path: Path) -> tuple[R, dict[str, Any]]:
        """Return the content, and where the figures come from, for the page's last paragraph."""
        origin = {"source": self.source, "folder": self.source.rpartition("/")[0]}
        if issubclass(self.kind, dict):
            content = self.kind(json.loads(path.read_text(encoding="utf-8")))
            return content, {
                **origin,
                "run": content.get("run"),
                "environment": content.get("environment"),
            }
        document = reading.read(path)
        if not isinstance(document.results, self.kind):
            raise FindingsError(f"{path} has the results of {document.experiment}")
        return document.results, {
            **origin,
            "run": document.run,
            "environment": document.environment,
        }


PAGES: tuple[Page[Any], ...] = (
    Page(
        "findings-scaling",
        "example/results.json",
        ScalingResults,
        scaling.context,
        scaling.figure,
    ),
    Page(
        "findings-overhead",
        "example/results.json",
        ScalingResults,
        overhead.context,
        overhead.figure,
    ),
    Page(
        "findings-deploy",
        "example-deploy/results.json",
        DeployResults,
        deploy.context,
        deploy.figure,
    ),
    Page(
        "findings-contract",
        "example-contract/results.json",
        ContractResults,
        contract.context,
        contract.figure,
    ),
    Page(
        "findings-isolation",
        "example-isolation/results.json",
        IsolationResults,
        isolation.context,
        isolation.figure,
    ),
    Page(
        "findings-faults",
        "example-faults/results.json",
        FaultsResults,
        faults.context,
        faults.figure,
    ),
    Page(
        "findings-stalls",
        "example-stalls/results.json",
        FaultsResults,
        stalls.context,
        stalls.figure,
    ),
    Page(
        "findings-offload",
        "example-offload/results.json",
        OffloadResults,
        offload.context,
        offload.figure,
    ),
    Page(
        "findings-edge",
        "example-edge/results.json",
        EdgeResults,
        edge.context,
        edge.figure,
    ),
    Page(
        "findings-compose",
        "example-compose/results.json",
        OtherResults,
        platform.context,
        platform.figure,
    ),
    Page(
        "findings-kubernetes",
        "example-kubernetes/results.json",
        OtherResults,
        platform.context,
        platform.figure,
    ),
    Page("findings-harness", "example/selfcheck.json", dict, harness.context, harness.figure),
    Page("reliability", "example-reliability/reliability.json", dict, reliability.context),
)
OVERVIEW = "findings"
COST = "example-cost/cost.json"
PROFILE = "example-profile/profile.json"
GROWTH = "example-growth/growth.json"
TRACE = "example-trace/trace.json"


def generate(results: Path = RESULTS) -> dict[str, str]:
    """Return the text of each generated file by its path below `docs`.

    UnreadableResults without a results document, UnreadableCost without a priced run,
    UnreadableProfile without a profile, UnreadablePlan without a plan,
    OutdatedSentencesError where a template's sentences contradict one.
    """
    templates = environment()
    files: dict[str, str] = {}
    contexts: dict[str, dict[str, Any]] = {}
    for page in PAGES:
        values, made = page.files(results, templates)
        contexts[page.name.removeprefix("findings-")] = values
        files |= made
    priced = read_cost(results / COST)
    contexts["cost"] = cost.context(priced)
    files[f"{cost.NAME}.md"] = templates.get_template(f"{cost.NAME}.md.j2").render(contexts["cost"])
    files[f"images/{cost.NAME}.svg"] = figure_file(cost_figure(priced))
    profiled = read_profile(results / PROFILE)
    name = f"{profile.NAME}.md"
    files[name] = templates.get_template(f"{name}.j2").render(profile.context(profiled))
    files[f"images/{profile.NAME}.svg"] = figure_file(profile_figure(profiled))
    measured = recognizer.read(results / recognizer.SOURCE)
    on_images = templates.get_template(f"{recognizer.NAME}.md.j2")
    files[f"{recognizer.NAME}.md"] = on_images.render(recognizer.context(measured))
    files[f"images/{recognizer.NAME}.svg"] = figure_file(recognizer_figure(measured))
    grown = growth.context(read_growth(results / GROWTH))
    files[f"{growth.NAME}.md"] = templates.get_template(f"{growth.NAME}.md.j2").render(grown)
    rehearsed = rehearsal.read(results)
    name = f"{rehearsal.NAME}.md"
    contexts[rehearsal.NAME] = rehearsal.context(rehearsed)
    files[name] = templates.get_template(f"{name}.j2").render(contexts[rehearsal.NAME])
    files[f"images/{rehearsal.NAME}.svg"] = figure_file(rehearsal.figure(rehearsed))
    planned = read_plan(results / PLAN)
    on_scale = templates.get_template(f"{internet_scale.NAME}.md.j2")
    files[f"{internet_scale.NAME}.md"] = on_scale.render(internet_scale.context(planned))
    files[f"images/{internet_scale.NAME}.svg"] = figure_file(plan_figure(planned))
    traced = read_trace(results / TRACE)
    on_traces = templates.get_template(f"{trace.NAME}.md.j2")
    files[f"{trace.NAME}.md"] = on_traces.render(trace.context(traced) | {"source": TRACE})
    files[f"images/{trace.NAME}.svg"] = figure_file(trace_figure(traced))
    price = code_size.context()
    files[f"{code_size.NAME}.md"] = templates.get_template(f"{code_size.NAME}.md.j2").render(price)
    again = replication.context(results)
    contexts["replication"] = again
    second_run = templates.get_template(f"{replication.NAME}.md.j2")
    files[f"{replication.NAME}.md"] = second_run.render(again)
    scaling_results = _scaling(results)
    advice = templates.get_template(f"{decide.NAME}.md.j2")
    files[f"{decide.NAME}.md"] = advice.render(decide.context(scaling_results, contexts, price))
    files[f"images/findings-{decide.NAME}.svg"] = figure_file(decide.figure(scaling_results))
    overview = templates.get_template(f"{OVERVIEW}.md.j2")
    files[f"{OVERVIEW}.md"] = overview.render(contexts)
    return files


def _scaling(results: Path) -> ScalingResults:
    path = results / PAGES[0].source
    found = reading.read(path).results
    if not isinstance(found, ScalingResults):
        raise FindingsError(f"{path} has the results of another experiment")
    return found


def write(files: Mapping[str, str], docs: Path = DOCS) -> list[str]:
    """Write the files that differ from what is there; return their paths below `docs`."""
    written = []
    for name, text in files.items():
        path = docs / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            written.append(name)
    return written
