"""Render the page and the terminal summary of a results document, by its experiment."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console

from benchmarks.report import page, terminal
from benchmarks.report.contract import page as contract_page
from benchmarks.report.contract import terminal as contract_terminal
from benchmarks.report.faults import page as faults_page
from benchmarks.report.faults import terminal as faults_terminal
from benchmarks.report.isolation import page as isolation_page
from benchmarks.report.isolation import terminal as isolation_terminal

PAGES = {
    "isolation": isolation_page.render,
    "contract": contract_page.render,
    "faults": faults_page.render,
}
SUMMARIES = {
    "isolation": isolation_terminal.show,
    "contract": contract_terminal.show,
    "faults": faults_terminal.show,
}


def render(results: Mapping[str, Any], *, packed: bool = False) -> str:
    """Return the page of a document that has passed `schema.check`; its raw files may be packed."""
    return PAGES.get(_experiment(results), page.render)(results, packed=packed)


def show(results: Mapping[str, Any], console: Console) -> None:
    """Print the summary of a document that has passed `schema.check`."""
    SUMMARIES.get(_experiment(results), terminal.show)(results, console)


def _experiment(results: Mapping[str, Any]) -> str:
    (name,) = results["experiments"]
    return str(name)
