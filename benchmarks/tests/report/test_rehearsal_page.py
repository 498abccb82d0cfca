"""The page on operation shows every step of each engine and side, and each problem."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from benchmarks.rehearsal.outcome import Outcome
from benchmarks.rehearsal.record import Record
from benchmarks.report.findings import rehearsal
from benchmarks.report.findings.errors import FindingsError
from benchmarks.report.findings.markdown import environment
from benchmarks.report.formats import NARROW_NO_BREAK
from benchmarks.results_model.rehearsal import Engine

CALM = {"cpu": {"cores": 2, "model": "Slow 1"}, "load_average_before": [0.5], "source": {}}
RELEASED: dict[str, float | str] = {"releases": 3.0, "median, s": 6.12, "undone within, s": 5.5}
UNITS = {"monolith": "monolith", "microservices": "accounts"}


def load(failed: int = 0) -> dict[str, float | str]:
    return {"requests": 200, "failed requests": failed, "accepted submissions": 40}


def scaled(unit: str, least: int) -> Outcome:
    figures: dict[str, float | str] = {
        "fewest workers": least,
        "most workers": 3,
        "first new worker after, s": 9.4,
        "queue empty after, s": 75.0,
    }
    workers = ((0.0, least), (9.4, 3), (88.6, least))
    return Outcome("queue", f"{unit}-worker", figures | load(), (), workers)


def steps(engine: Engine, unit: str) -> list[Outcome]:
    on_kubernetes = [
        scaled(unit, 1),
        scaled(unit, 0),
        Outcome("cordon", f"{unit}-worker", {"all final after, s": 26.0} | load(), ()),
        Outcome("evict", f"{unit}-web", {"pods evicted": 2.0} | load(), ()),
    ]
    return [
        Outcome("releases", unit, RELEASED | load(), ()),
        Outcome("never ready", unit, {"ended after, s": 48.0} | load(), ()),
        Outcome("wrong responses", unit, {"ended after, s": 9.4} | load(), ()),
        Outcome("kill", f"{unit}-worker", {"all final after, s": 51.0} | load(), ()),
        Outcome("restart", "postgres", {"away, s": 2.5} | load(3), ()),
        *(on_kubernetes if engine == "kubernetes" else []),
        Outcome("order", f"{unit}-web", {"second process, s": 3.6} | load(), ()),
        Outcome("load", "", {"seconds": 30.0, "final after, s": 0.1} | load(), ()),
        Outcome("contract", "", {"cases": 20, "failed": 1, "skipped": 4, "seconds": 5.0}, ()),
    ]


def write(
    results: Path, *, more: Mapping[str, Outcome] | None = None, around: Mapping[str, Any] = CALM
) -> Path:
    """Write the four documents, with a further step of some sides."""
    for engine in ("compose", "kubernetes"):
        for side, unit in UNITS.items():
            record = Record.begin(engine, side)
            record.environment = dict(around) | {"source": {"commit": "c" * 40}}
            record.ready_seconds = 41.6
            record.outcomes += steps(engine, unit)
            if more and side in more:
                record.outcomes.append(more[side])
            record.write(results / rehearsal.FOLDER)
    return results


def page(results: Path) -> str:
    context = rehearsal.context(rehearsal.read(results))
    return environment().get_template("rehearsal.md.j2").render(context)


def test_every_step_has_a_row_on_each_engine(tmp_path: Path) -> None:
    text = page(write(tmp_path)).replace(NARROW_NO_BREAK, " ")
    for row, times in {
        "| from nothing, its images built before | ready after 42 s |": 4,
        "| 3 releases of accounts | 6.1 s each; the last undone by order within 5.5 s | 0 of": 2,
        "| 3 releases of monolith | 6.1 s each; the last undone by order within 5.5 s | 0 of": 2,
        "| given up, and undone without an order, after 48.0 s | 0 of 200 |": 4,
        "with wrong responses | refused by the canary after 9.4 s | 0 of 200 |": 4,
        "| postgres restarted | away for 2.5 s | 3 of 200 |": 4,
        "| 0 → 3 → 0 workers; one more after 9 s, the fewest after 89 s | 0 of 200 |": 2,
        "| 1 → 3 → 1 workers; one more after 9 s, the fewest after 89 s | 0 of 200 |": 2,
        "| the conformance suite | 15 passed, 4 skipped, 1 failed |": 4,
    }.items():
        assert text.count(row) == times, row


def test_the_lead_adds_the_releases_up(tmp_path: Path) -> None:
    text = page(write(tmp_path))
    assert "**12 rolling releases**: 0 of 800 requests failed." in text
    assert "No step had a problem." in text
    assert "**8 bad releases left nothing behind**: 4 that never became ready were undone" in text
    assert "a canary refused 4 with wrong responses" in text
    assert "Other work" not in text


def test_a_problem_is_in_the_lead_with_its_step(tmp_path: Path) -> None:
    lost = Outcome("restart", "valkey", {"away, s": 1.0} | load(), ("a row is missing",))
    text = page(write(tmp_path, more={"microservices": lost}))
    assert "services on Kubernetes, valkey restarted: a row is missing" in text
    assert "No step had a problem" not in text
    assert "Nothing was lost" not in text


def test_requests_that_fail_while_an_edge_is_replaced_are_named(tmp_path: Path) -> None:
    figures = RELEASED | {"releases": 2, "failed while the edge was replaced": 1} | load(1)
    text = page(write(tmp_path, more={"microservices": Outcome("releases", "edge", figures, ())}))
    assert "2 of 1" in text
    assert ", 2 of them while Compose replaced an edge in its place" in text


def test_other_work_on_the_machine_is_stated(tmp_path: Path) -> None:
    text = page(write(tmp_path, around=CALM | {"load_average_before": [2.5]}))
    assert "**Other work had the cores as well** on monolith on Docker Compose" in text


def test_the_figure_has_a_panel_for_each_queue(tmp_path: Path) -> None:
    drawn = rehearsal.figure(rehearsal.read(write(tmp_path)))
    for panel in ("monolith, at least 1", "monolith, at least 0", "services, at least 0"):
        assert f"{panel}: 3 at most" in drawn


def test_a_document_in_the_wrong_place_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path) / rehearsal.FOLDER
    (folder / "compose-monolith.json").write_bytes(
        (folder / "compose-microservices.json").read_bytes()
    )
    with pytest.raises(FindingsError, match=r"compose-monolith\.json in .* of another rehearsal"):
        rehearsal.read(tmp_path)
