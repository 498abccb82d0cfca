"""The document of a priced run: costs of both architectures, verdicts, the peak that pays."""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest

from benchmarks.analysis.verdicts import Verdict
from benchmarks.cost.deployment import Deployment, Platform
from benchmarks.cost.document import CostDocument, decode, read_cost
from benchmarks.cost.loads import LOADS
from benchmarks.cost.operations import COUNTS, read_counts
from benchmarks.cost.prices import Price, read_prices
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.pricing.blocks import read_blocks
from benchmarks.pricing.claims import ALTERNATIVES, CLAIMS
from benchmarks.pricing.comparisons import break_even_peak, crossings
from benchmarks.pricing.priced import Priced
from benchmarks.pricing.summary import deployment_cost, judged, measured, summarize
from benchmarks.repository import REPOSITORY
from benchmarks.tests.pricing.made_up import priced

EXAMPLE = REPOSITORY / "benchmarks" / "results" / "example"
WORKERS = Deployment("monolith", Platform.FARGATE)
AGAIN = "run: make cost RESULTS=benchmarks/results/example INTO=benchmarks/results/example-cost"


@pytest.fixture(scope="module")
def document() -> CostDocument:
    return summarize(priced())


def test_every_deployment_has_its_costs(document: CostDocument) -> None:
    names = [it.name for it in document.deployments]
    assert len(names) == len(set(names)) == 2 * len(Platform)
    for deployment in document.deployments:
        assert [row.per_day for row in deployment.rows] == LOADS.tolist()
        assert all(row.total == pytest.approx(sum(row.items.values())) for row in deployment.rows)
        assert len(deployment.curve) == len(document.per_day)
        assert deployment.fixed < deployment.rows[0].total < deployment.rows[-1].total


def test_what_is_fixed_and_what_a_million_more_cost_make_up_the_whole(
    document: CostDocument,
) -> None:
    for deployment in document.deployments:
        (many,) = (row for row in deployment.rows if row.per_day == 1e7)
        millions = 1e7 * 365 / 12 / 1e6
        assert many.total == pytest.approx(deployment.fixed + millions * deployment.per_million)


def test_a_document_can_be_written_and_read(document: CostDocument) -> None:
    assert decode(msgspec.json.encode(document)) == document


def test_the_spread_of_costs_is_that_of_the_blocks() -> None:
    """Fixed costs don't vary; at many submissions the CPU time of the blocks shows."""
    found = deployment_cost(priced((50.0, 60.0)), WORKERS)
    few, many = found.rows[0], found.rows[-1]
    assert few.low == pytest.approx(few.total)
    assert few.high == pytest.approx(few.total)
    assert many.low is not None
    assert many.high is not None
    assert many.low < many.total < many.high


def test_the_intervals_need_two_blocks() -> None:
    one = priced((60.0,))
    assert all(row.low is None for row in deployment_cost(one, WORKERS).rows)
    assert all(it.low is None and it.share is None for it in crossings(one))


def test_the_claims_are_judged_by_the_rules_of_all() -> None:
    found = judged(priced((58.0, 59.0, 60.0, 61.0, 62.0)))
    assert [it.name for it in found] == [it.claim.name for it in CLAIMS]
    by_name = {it.name: it for it in found}
    assert by_name["services-1e4"].verdict is Verdict.SUPPORTED
    assert by_name["function-monolith-1e4"].verdict is Verdict.SUPPORTED
    # An even load makes functions the dearer ones: then no verdict is given.
    reversed_by = by_name["function-monolith-1e7"]
    assert reversed_by.verdict is Verdict.INCONCLUSIVE
    assert "even load" in reversed_by.reason
    for claim in found:
        assert len(claim.alternatives) == len(ALTERNATIVES)
        assert claim.words.startswith("At 10")


def test_too_few_blocks_decide_nothing(document: CostDocument) -> None:
    assert {it.verdict for it in document.claims} == {Verdict.INCONCLUSIVE}


def test_a_disturbed_block_is_marked() -> None:
    first, *_ = judged(priced(disturbed=[2]))
    assert [it.disturbed for it in first.blocks] == [False, True]


@pytest.mark.parametrize("side", ["monolith", "microservices"])
@pytest.mark.parametrize("function", [Platform.LAMBDA_X86, Platform.LAMBDA_ARM])
def test_at_the_break_even_peak_both_cost_the_same(side: str, function: Platform) -> None:
    run = priced()
    peak = break_even_peak(run, side, function, list(run.blocks))
    assert peak is not None
    at = run.interpolated().assuming(peak_to_mean=peak)
    load = np.array([1e7])
    worker = at.total(Deployment(side, Platform.FARGATE), load)
    assert at.total(Deployment(side, function), load) == pytest.approx(worker)
    sharper = run.interpolated().assuming(peak_to_mean=peak * 1.1)
    assert sharper.total(Deployment(side, function), load) < sharper.total(
        Deployment(side, Platform.FARGATE), load
    )


def test_there_is_no_break_even_where_calls_are_free() -> None:
    given = read_prices()
    names = ("lambda_requests", "lambda_gb_seconds_x86", "sqs_requests")
    free = {name: Price(0.0, "made up") for name in names}
    run = priced(prices=replace(given, units={**given.units, **free}))
    assert break_even_peak(run, "monolith", Platform.LAMBDA_X86, list(run.blocks)) is None


def test_a_measured_function_is_used_and_named() -> None:
    usual = priced()
    slow = replace(usual, function_ms={"monolith": 600.0})
    assert measured(slow, "monolith").is_function_measured
    assert not measured(slow, "microservices").is_function_measured
    for platform in (Platform.LAMBDA_X86, Platform.LAMBDA_ARM):
        before, after = (
            deployment_cost(run, Deployment("monolith", platform)).per_million
            for run in (usual, slow)
        )
        assert after > before + 1
    other = Deployment("microservices", Platform.LAMBDA_ARM)
    assert deployment_cost(slow, other) == deployment_cost(usual, other)


def test_transitions_are_set_beside_the_flow(document: CostDocument) -> None:
    found = document.transitions
    assert found.transition_per_million == pytest.approx(25.0)
    saved = found.for_ninety_percent * found.transition_per_million
    assert saved / (saved + found.flow_per_million) == pytest.approx(0.9)


def test_the_committed_totals_are_those_of_the_model_and_the_prices() -> None:
    document = read_cost(COUNTS.with_name("cost.json"))
    run = _committed()
    for cost in document.deployments:
        deployment = Deployment(cost.architecture, Platform(cost.platform))
        expected = run.total(deployment, LOADS).tolist()
        assert [row.total for row in cost.rows] == pytest.approx(expected), AGAIN
    prices = {name: it.dollars for name, it in run.prices.units.items()}
    entered = {it.name: it.dollars for it in document.prices.entries}
    assert {name: entered[name] for name in prices} == pytest.approx(prices), AGAIN


@pytest.mark.slow
def test_the_committed_document_is_what_the_run_gives() -> None:
    derived = dict(_values(msgspec.to_builtins(summarize(_committed()))))
    found = dict(_values(msgspec.to_builtins(read_cost(COUNTS.with_name("cost.json")))))
    assert derived.keys() == found.keys(), AGAIN
    for path, value in derived.items():
        if isinstance(value, float) and isinstance(found[path], float):
            assert math.isclose(value, found[path], rel_tol=1e-6), f"{path}: {AGAIN}"
        else:
            assert value == found[path], f"{path}: {AGAIN}"


def _committed() -> Priced:
    folder = ResultsFolder.open(EXAMPLE)
    return Priced(
        run=folder.read_json("run.json")["id"],
        environment=folder.read_json("environment.json"),
        blocks=read_blocks(folder),
        counts=read_counts(COUNTS),
        prices=read_prices(),
    )


def _values(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each plain value of a document with its path."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _values(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _values(inner, f"{path}[{place}]")
    else:
        yield path, value
