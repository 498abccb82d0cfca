"""The table of generated pages: what each is made from, and the text that follows."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.report.findings import (
    contract,
    deploy,
    faults,
    harness,
    isolation,
    reliability,
    scaling,
)
from benchmarks.report.findings.figure_file import figure_file
from benchmarks.report.findings.markdown import environment

REPOSITORY = Path(__file__).resolve().parents[3]
RESULTS = REPOSITORY / "benchmarks" / "results"
DOCS = REPOSITORY / "docs"
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One page: `docs/<name>.md` from `templates/<name>.md.j2`, and its figure, if it has one.

    `source` is the results document, below `benchmarks/results`.
    """

    name: str
    source: str
    context: Callable[[Document], dict[str, Any]]
    figure: Callable[[Document], str] | None = None


PAGES = (
    Page("findings-scaling", "example/results.json", scaling.context, scaling.figure),
    Page("findings-deploy", "example-deploy/results.json", deploy.context, deploy.figure),
    Page("findings-contract", "example-contract/results.json", contract.context, contract.figure),
    Page(
        "findings-isolation", "example-isolation/results.json", isolation.context, isolation.figure
    ),
    Page("findings-faults", "example-faults/results.json", faults.context, faults.figure),
    Page("findings-harness", "example/selfcheck.json", harness.context, harness.figure),
    Page("reliability", "example-reliability/reliability.json", reliability.context),
)
OVERVIEW = "findings"


def generate(results: Path = RESULTS) -> dict[str, str]:
    """Return the text of each generated file by its path below `docs`.

    FileNotFoundError without a results document, OutdatedSentencesError where a template's
    sentences contradict one.
    """
    templates = environment()
    files: dict[str, str] = {}
    contexts: dict[str, dict[str, Any]] = {}
    for page in PAGES:
        document = _read(results / page.source)
        found = {**page.context(document), **_origin(page, document)}
        contexts[page.name.removeprefix("findings-")] = found
        template = templates.get_template(f"{page.name}.md.j2")
        files[f"{page.name}.md"] = template.render(found)
        if page.figure is not None:
            files[f"images/{page.name}.svg"] = figure_file(page.figure(document))
    overview = templates.get_template(f"{OVERVIEW}.md.j2")
    files[f"{OVERVIEW}.md"] = overview.render(contexts)
    return files


def write(files: Mapping[str, str], docs: Path = DOCS) -> list[str]:
    """Write the files that differ from what is there; return their paths below `docs`."""
    written = []
    for name, text in files.items():
        path = docs / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            written.append(name)
    return written


def _read(path: Path) -> Document:
    document: Document = json.loads(path.read_text(encoding="utf-8"))
    return document


def _origin(page: Page, document: Document) -> dict[str, Any]:
    """Where the page's figures come from, for its last paragraph."""
    return {
        "source": page.source,
        "folder": page.source.rpartition("/")[0],
        "run": document.get("run"),
        "environment": document.get("environment"),
    }
