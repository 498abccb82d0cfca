"""Render the page and the terminal summary of a results document, by its experiment."""

from rich.console import Console

from benchmarks.report import page, terminal
from benchmarks.report.contract import page as contract_page
from benchmarks.report.contract import terminal as contract_terminal
from benchmarks.report.edge import page as edge_page
from benchmarks.report.edge import terminal as edge_terminal
from benchmarks.report.faults import page as faults_page
from benchmarks.report.faults import terminal as faults_terminal
from benchmarks.report.isolation import page as isolation_page
from benchmarks.report.isolation import terminal as isolation_terminal
from benchmarks.results_model.contract import ContractResults
from benchmarks.results_model.document import ResultsDocument
from benchmarks.results_model.edge import EdgeResults
from benchmarks.results_model.faults import FaultsResults
from benchmarks.results_model.isolation import IsolationResults


def render(document: ResultsDocument, *, packed: bool = False) -> str:
    """Return the page of a document; its raw files may be packed."""
    results = document.results
    if isinstance(results, IsolationResults):
        return isolation_page.render(document, results, packed=packed)
    if isinstance(results, ContractResults):
        return contract_page.render(document, results, packed=packed)
    if isinstance(results, FaultsResults):
        return faults_page.render(document, results, packed=packed)
    if isinstance(results, EdgeResults):
        return edge_page.render(document, results, packed=packed)
    return page.render(document, results, packed=packed)


def show(document: ResultsDocument, console: Console) -> None:
    """Print the summary of a document."""
    results = document.results
    if isinstance(results, IsolationResults):
        isolation_terminal.show(results, console)
    elif isinstance(results, ContractResults):
        contract_terminal.show(results, console)
    elif isinstance(results, FaultsResults):
        faults_terminal.show(document, results, console)
    elif isinstance(results, EdgeResults):
        edge_terminal.show(document, results, console)
    else:
        terminal.show(document, results, console)
