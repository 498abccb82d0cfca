"""Draws a results document by the experiment that it is of: the page, and the terminal's end."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console

from benchmarks.report import page, terminal
from benchmarks.report.isolation import page as isolation_page
from benchmarks.report.isolation import terminal as isolation_terminal


def render(results: Mapping[str, Any]) -> str:
    """Render the page of a document that has passed `schema.check`."""
    is_isolation = isolation_page.NAME in results["experiments"]
    return isolation_page.render(results) if is_isolation else page.render(results)


def show(results: Mapping[str, Any], console: Console) -> None:
    """Print the summary of such a document."""
    is_isolation = isolation_page.NAME in results["experiments"]
    (isolation_terminal if is_isolation else terminal).show(results, console)
