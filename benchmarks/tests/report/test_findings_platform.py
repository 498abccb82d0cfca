"""The page on a container engine, from hand-made trials."""

import re
from typing import Any

import pytest
from msgspec.structs import replace

from benchmarks.analysis.verdicts import Verdict
from benchmarks.experiments.platform.summary import summarize
from benchmarks.experiments.platform.sweeps import engine_sweeps
from benchmarks.experiments.runner.arms import Engine
from benchmarks.report.findings import platform
from benchmarks.report.findings.errors import FindingsError
from benchmarks.report.findings.figure_file import figure_file
from benchmarks.report.findings.markdown import environment
from benchmarks.results_model.arms import ProcessCpu
from benchmarks.results_model.experiments import OtherResults
from benchmarks.results_model.sweeps import LoadSweep
from benchmarks.targets.kubernetes.manifests import SOON_SECONDS
from benchmarks.tests.experiments.platform.made_up import AUTOSCALING, LOAD, loaded, stepped
from benchmarks.tests.experiments.platform.test_summary import MORE_AFTER
from benchmarks.tests.report import sample


@pytest.fixture(scope="module")
def results() -> OtherResults:
    return summarize([LOAD, AUTOSCALING], [*loaded(1.25), *stepped(MORE_AFTER)])


def page(results: OtherResults, engine: str = "kubernetes", name: str = "platform") -> str:
    document = sample.results(sample.trials())
    origin: dict[str, Any] = {
        "source": f"example-{engine}/results.json",
        "folder": f"example-{engine}",
        "run": document.run,
        "environment": document.environment,
    }
    template = environment().get_template(f"{name}.md.j2")
    return template.render({**platform.context(results), **origin})


def test_the_page_has_its_ratios_and_its_seconds(results: OtherResults) -> None:
    text = page(results, name="findings-kubernetes")
    assert text.startswith("# Kubernetes: what it costs beside local processes, and how it scales")
    assert "- **CPU.** On Kubernetes, the monolith needs 1.046 times the CPU" in text
    assert "one user waits 1.250 times as long for the services" in text
    # By hand: after 9.1, 9.2, … 9.5 s, two processes more than one
    assert re.search(r"\| monolith, worker: 1 → 3 \| 9\.3, \d+\.\d \| 25\.0 \|", text)
    assert "| monolith, whole: 2 → 6 | 14.3, " in text
    assert "from 1.5 to 6 a second" in text
    assert "Latency was back in 15 of 15 trials" in text
    assert f"is set to remove workers after {SOON_SECONDS:g} s with a short queue" in text
    assert "it stayed so to the end in 15:" in text
    assert text.count("](images/findings-kubernetes.svg)") == 1


def test_the_engines_own_part_is_of_its_own_processes(results: OtherResults) -> None:
    (load,) = [it for it in results.sweeps if isinstance(it, LoadSweep)]
    kubelet = ProcessCpu(role="backing", unit="engine", process="kubelet", cpu_ms=7.25)
    arms = [
        replace(arm, cpu_by_process=[*arm.cpu_by_process, kubelet])
        if arm.name == "monolith-kubernetes"
        else arm
        for arm in load.arms
    ]
    costs = platform.context(replace(results, sweeps=[replace(load, arms=arms)]))["costs"]
    assert [it.own for it in costs] == [7.25, 0]
    assert costs[0].engine > costs[0].local


def test_on_compose_nothing_scales_by_itself() -> None:
    sweeps = engine_sweeps("standard", Engine("compose", {}))
    trials = loaded(1.1, sweep=sweeps[0])
    text = page(summarize(sweeps, trials), "compose")
    assert text.startswith("# Docker Compose: what it costs beside local processes\n")
    assert "scale by itself" not in text
    assert "control plane" not in text
    assert "TARGET=compose`" in text
    assert text.count("](images/findings-compose.svg)") == 1


@pytest.mark.parametrize("verdict", Verdict)
def test_the_decision_follows_the_verdicts(results: OtherResults, verdict: Verdict) -> None:
    changed = replace(results, claims=[replace(it, verdict=verdict) for it in results.claims])
    decision = page(changed).split("**For a decision:**")[1].split("\n\n")[0]
    assert ("this run leaves open" in decision.lower()) == (verdict is Verdict.INCONCLUSIVE)
    assert ("reckon with its share" in decision) == (verdict is Verdict.SUPPORTED)


def test_a_run_without_load_is_refused(results: OtherResults) -> None:
    with pytest.raises(FindingsError, match="no sweep of load"):
        platform.context(replace(results, sweeps=[]))


def test_the_figure_has_a_mark_for_each_ratio(results: OtherResults) -> None:
    drawn = figure_file(platform.figure(results))
    assert "CPU, all processes: monolith 1.05, services 1.05" in drawn
    assert "wait of one user: monolith 1.25, services 1.25" in drawn
