"""The end of a run in the terminal: short, and with every verdict."""

import io

from rich.console import Console

from benchmarks.report import claim_texts, rendering
from benchmarks.report.formats import NONE, TIMES
from benchmarks.results_model.document import ResultsDocument
from benchmarks.tests.report.sample import (
    EXTERNAL,
    everything,
    external_trials,
    results,
    trials,
)


def shown(document: ResultsDocument) -> str:
    text = io.StringIO()
    rendering.show(document, Console(file=text, width=110))
    return text.getvalue()


def test_every_sweep_has_its_lines() -> None:
    text = shown(everything())
    assert "trials that count" in text
    assert "5.39 arrivals/s: ready/s, p50, p95 ms" in text
    assert "load, scalability of monolith: sigma 0." in text
    assert "work, recognizer of 0 CPU-ms: CPU, second ÷ first 1.35" in text
    assert f"replicas-waiting, recognition: {TIMES}1 3.25/s 200 MiB, {TIMES}2 " in text
    assert (
        "elasticity, recognition: from the order to ready 2.0 s, until latency was back 3.5 s "
        "(known in 3 of 3 trials)" in text
    )
    assert "The floor takes 52.1 CPU-ms: monolith 1.50 times that" in text
    assert len(text.splitlines()) < 100


def test_every_claim_has_its_verdict() -> None:
    text = shown(everything())
    for claim in everything().results.claims:
        assert claim.statement in text
        assert f"  {claim_texts.verdict(claim)}: {claim_texts.of(claim)} = " in text
        assert claim_texts.sides(claim) in text
        assert claim.reason in text


def test_void_trials_and_warnings_are_shown() -> None:
    text = shown(results(trials(lost=1), core_shared=True))
    assert "Void: 006-load-block3-microservices: the generator got 202 for" in text
    assert "Warning: The load generator shared a core" in text


def test_external_and_empty_runs_are_shown_too() -> None:
    text = shown(results(external_trials(), [EXTERNAL]))
    assert "target-b" in text
    assert "Warning: target-a is http" in text
    assert "Nothing" not in text
    assert f"inconclusive: services ÷ monolith = {NONE}" in shown(results([]))
