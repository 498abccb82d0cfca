"""The contract experiment's page and its end in the terminal, from the committed run."""

import copy
import re
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from benchmarks.report import rendering, schema

EXAMPLE = Path(__file__).parents[2] / "results" / "example-contract" / "results.json"


@pytest.fixture
def results() -> dict[str, Any]:
    return copy.deepcopy(schema.read(EXAMPLE))


def of(results: dict[str, Any], name: str) -> dict[str, Any]:
    changes = results["experiments"]["contract"]["changes"]
    found: dict[str, Any] = next(it for it in changes if it["name"] == name)
    return found


def test_every_change_has_its_row_and_its_details(results: dict[str, Any]) -> None:
    page = rendering.render(results)
    assert 'class="warning"' not in page
    for change in results["experiments"]["contract"]["changes"]:
        # Those that break are in the card of the seconds, too.
        times = 2 if change["kind"] == "breaking" else 1
        assert page.count(f">{change['name']}</th>") == times
        assert f"<summary>{change['name']} ({change['kind']})" in page
    assert not re.search(r"(?:src|href)=.https?:", page)


def test_an_incomplete_change_is_named(results: dict[str, Any]) -> None:
    found = results["experiments"]["contract"]
    found["changes"] = [it for it in found["changes"] if it["name"] != "token-scope"]
    assert "Not completed on both sides: token-scope." in rendering.render(results)


def test_a_run_that_stopped_early_has_a_warning(results: dict[str, Any]) -> None:
    results["run"]["status"] = "interrupted"
    assert "The run is not complete: interrupted." in rendering.render(results)


def test_what_was_decided_wrongly_is_seen(results: dict[str, Any]) -> None:
    right = rendering.render(results)
    gate = of(results, "sign-in-logged")["sides"]["microservices"]["gates"][1]
    gate |= {"stops": True, "seconds": 7.0}
    for other in of(results, "state-renamed")["sides"]["monolith"]["gates"]:
        other["stops"] = False
    wrong = rendering.render(results)
    assert wrong.count('class="cell unable"') == right.count('class="cell unable"') + 1
    console = Console(record=True, width=200)
    rendering.show(results, console)
    text = console.export_text()
    assert "Wrong: sign-in-logged (compatible, microservices) is stopped by suite" in text
    assert "Wrong: state-renamed (breaking, monolith) is stopped by nothing" in text


def test_the_findings_of_a_gate_are_escaped(results: dict[str, Any]) -> None:
    of(results, "state-renamed")["sides"]["monolith"]["gates"][1]["says"] = ["<script>x</script>"]
    assert "<script>" not in rendering.render(results)
