"""The bill on a comparison's first page: what `make cost` computes for the same run."""

import re
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.commands.bill import bill
from benchmarks.cost.document import read_cost
from benchmarks.cost.operations import COUNTS
from benchmarks.experiments.comparison import Comparison
from benchmarks.report import overview
from benchmarks.report.cost import names
from benchmarks.report.cost.bill import Bill
from benchmarks.repository import REPOSITORY
from benchmarks.tests.report.outline import Outline

EXAMPLE = REPOSITORY / "benchmarks" / "results" / "example"
RUN = {"id": "the-run", "profile": "quick", "seed": 7, "started_at": "2026-01-01T00:00:00+00:00"}


def comparison(folder: Path, *experiments: str) -> Comparison:
    return Comparison.create(folder, profile="quick", seed=7, experiments=experiments)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Bill:
    made = comparison(tmp_path_factory.mktemp("results"), "scaling", "deploy")
    made.folder_of("scaling").symlink_to(EXAMPLE)
    computed = bill(made)
    assert computed is not None
    assert computed.command == f"make cost RESULTS={made.path}"
    return computed


def test_the_command_of_a_run_in_this_repository_has_no_path_of_the_machine() -> None:
    """Reports are committed, and read elsewhere."""
    found = bill(Comparison.open(EXAMPLE.with_name("example-quick-1")))
    assert found is not None
    assert found.command == "make cost RESULTS=benchmarks/results/example-quick-1"


def test_it_has_the_costs_and_the_verdicts_of_the_whole_page(found: Bill) -> None:
    document = read_cost(COUNTS.with_name("cost.json"))
    for (name, costs), deployment in zip(found.rows, document.deployments, strict=True):
        assert name == names.deployment(deployment.name)
        at = {row.per_day: names.dollars(row.total) for row in deployment.rows}
        assert costs == (at[1e4], at[1e7])
    shown = [(claim.statement, claim.verdict) for claim in found.claims]
    assert shown == [(claim.statement, str(claim.verdict)) for claim in document.claims]


def test_the_first_page_shows_it_between_the_answers_and_the_limits(found: Bill) -> None:
    page = overview.render([], missing=[], run=RUN, cpu="a CPU", bill=found)
    assert Outline(page).open == []
    assert page.index("The answers</h2>") < page.index('<h2 id="bill">')
    assert page.index('<h2 id="bill">') < page.index("What this does not show</h2>")
    section = page.partition('<h2 id="bill">')[2].partition("</section>")[0]
    for name, costs in found.rows:
        assert re.search(rf"{name}</th>.*{re.escape(costs[0])}.*{re.escape(costs[1])}", section)
    for claim in found.claims:
        assert claim.statement in section
        assert claim.compared in section
    assert found.command in section
    assert "not verified live" in section
    assert 'href="#bill"' in page


def test_the_terminal_shows_its_claims_and_the_command(found: Bill) -> None:
    screen = StringIO()
    overview.show([], Console(file=screen, width=80), found)
    for claim in found.claims:
        assert f"“{claim.statement}” {claim.verdict}: {claim.costs}" in screen.getvalue()
    assert found.command in screen.getvalue()


def test_there_is_none_without_a_run_of_scaling_that_can_be_priced(tmp_path: Path) -> None:
    assert bill(comparison(tmp_path / "other", "deploy")) is None
    begun = comparison(tmp_path / "begun", "scaling", "deploy")
    assert bill(begun) is None
    begun.folder_of("scaling").symlink_to(EXAMPLE.with_name("example-deploy"))
    assert bill(begun) is None
    page = overview.render([], missing=[], run=RUN, cpu="")
    assert 'id="bill"' not in page
    assert 'href="#bill"' not in page
