"""The page on growth: every kind at every size, and which ones are over the limit."""

from benchmarks.experiments.runner.cores import Cores
from benchmarks.growth.kinds import kinds_of
from benchmarks.growth.run import Records
from benchmarks.growth.summary import summarize
from benchmarks.growth.visit import Bench, FirstCount, Measured
from benchmarks.report.findings import growth
from benchmarks.report.findings.markdown import environment
from benchmarks.repository import REPOSITORY
from benchmarks.results_model.growth import ARCHITECTURES

SIZES = (1_000, 1_000_000)
ENVIRONMENT = {
    "cpu": {"model": "a processor", "cores": 2},
    "load_average_before": [1.5, 0.4, 0.2],
    "source": {"commit": "0123456789abcdef"},
}


def page(dearer: float) -> str:
    """Return the page where the account costs `dearer` times as much with the most rows."""
    bench = Bench(Cores(frozenset({0}), 1), REPOSITORY, REPOSITORY, SIZES, kinds_of(), 2)
    records = Records(1, ENVIRONMENT, "2026-11-29T00:00:00+00:00")
    for name in ARCHITECTURES:
        for rows in SIZES:
            records.keep(FirstCount(name, rows, rows / 1e7))
            for kind in bench.kinds:
                factor = dearer if kind.name == "account" and rows == SIZES[-1] else 1.0
                for block in (1, 2):
                    cpu_ms = 0.001 if kind.name == "idle" else 1000.0 * factor
                    records.keep(Measured(name, rows, block, kind.name, kind.calls, cpu_ms, 1.0))
    document = summarize(bench, records, run="r", finished_at="2026-11-29T01:00:00+00:00")
    template = environment().get_template(f"{growth.NAME}.md.j2")
    return str(template.render(growth.context(document)))


def test_nothing_over_the_limit() -> None:
    text = page(1.1)
    assert "no kind of request costs more than 1.2 times" in text
    assert "| account | 2.50, 2.75 | 1.10 (1.10 to 1.10) |" in text


def test_what_is_over_the_limit_is_named() -> None:
    text = page(1.5)
    assert "account of the monolith, 1.50 (1.50 to 1.50) times" in text
    assert "account of the services, 1.50 (1.50 to 1.50) times" in text
    assert "list of" not in text


def test_every_kind_has_a_row_for_each_side() -> None:
    lines = page(1.0).splitlines()
    for kind in kinds_of():
        assert sum(line.startswith(f"| {kind.title} |") for line in lines) == len(ARCHITECTURES)
    separators = [line for line in lines if line.startswith("| --- |")]
    assert separators == ["| --- | --- | --- |"] * 2
