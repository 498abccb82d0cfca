"""Each section of the page shows the measures of its sweep."""

import re
from dataclasses import replace

import pytest

from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.report import rendering
from benchmarks.report.figures.work_ratio import inverse
from benchmarks.report.formats import TIMES
from benchmarks.report.sections.replicas import Group, groups
from benchmarks.report.styles import styles_of
from benchmarks.results_model.figures import Ratio
from benchmarks.results_model.sweeps import ReplicasSweep
from benchmarks.tests.report.outline import Outline
from benchmarks.tests.report.sample import (
    EXTERNAL,
    SWEEPS,
    drawn_page,
    every_trial,
    everything,
    external_trials,
    results,
    scaling,
    trials,
)


@pytest.fixture(scope="module")
def sections() -> dict[str, str]:
    """The page's sections by their sweep."""
    found = re.split(r'<h2 id="(?:sweep-)?([a-z-]+)">', drawn_page())
    return dict(zip(found[1::2], found[2::2], strict=True))


def test_a_load_section_has_closed_and_open_curves_and_the_law(sections: dict[str, str]) -> None:
    load = sections["load"]
    for name in ("throughput", "ready", "cost", "submit", "open-ready", "open-achieved", "law"):
        assert f'id="load-{name}-title"' in load
    assert "6 arrivals/s" not in sections["waiting"]
    assert "108 of 108" not in load
    assert "of 384 due arrivals sent, 0 shed" in load
    for arm in ("monolith", "services"):
        assert f"{arm}, fitted" not in load, "only the measured levels are described"
        assert f"{arm}: bootstrap over 3 trials" in load
    for process in ("monolith-worker-1", "submissions-consumer-1", "postgres"):
        assert f">{process}<" in load


def test_few_levels_are_a_table_and_no_curves() -> None:
    """Eight charts with one position each show nothing, and a law is not fitted to two levels."""
    measured = [replace(it, levels=it.levels[:3]) for it in trials()]
    drawn = rendering.render(results(measured))
    load = drawn.split('<h2 id="sweep-load">')[1].split("<section ")[0]
    assert "<caption>Counted trials together: " in load
    assert 'id="load-throughput-title"' not in load
    assert "Universal Scalability Law" not in load


def test_a_refused_law_shows_its_reason() -> None:
    measured = [replace(it, levels=it.levels[:6]) for it in trials()]
    text = Outline(rendering.render(results(measured))).in_plain_sight
    assert "monolith: not fitted: 4 levels were measured; a fit needs 6." in text


def test_the_work_section_puts_published_ratios_beside_ours(sections: dict[str, str]) -> None:
    work = sections["work"]
    assert "none of their sources states the CPU-ms of a request" in work
    for ratio in ("1.89", "1.37", "1.02", "1.05", "1.06", "2.65"):
        assert f"{ratio}, " in work
    assert "published, cheap: 1.89" in work, "screen readers get them too"
    described = re.search(r'id="work-throughput-ratio-description">([^<]*)<', work)
    assert described is not None
    assert re.search(r"0: 1\.\d+ \(1\.\d+ to 1\.\d+\); 35: ", described[1])


def test_the_ratio_of_cpu_time_is_in_the_direction_of_the_claim(sections: dict[str, str]) -> None:
    """The services need more CPU: above 1, as the claim has it, and highest without recognition."""
    described = re.search(r'id="work-cpu-ratio-description">([^<]*)<', sections["work"])
    assert described is not None
    assert described[1].startswith("CPU-ms, microservices ÷ monolith, by")
    assert re.search(r"0: 1\.3\d+ \(1\.3\d+ to 1\.3\d+\); 35: 1\.1", described[1])
    found = Ratio(ratio=0.8, low=0.5, high=None, method="t", blocks=[0.8, 0.5])
    assert inverse(found) == Ratio(ratio=1.25, low=None, high=2.0, method="t", blocks=[1.25, 2.0])


def test_a_replicas_section_groups_by_what_is_scaled(sections: dict[str, str]) -> None:
    sweeps = {it.name: it for it in scaling(everything()).sweeps}
    sweep = sweeps["replicas-waiting"]
    assert isinstance(sweep, ReplicasSweep)
    found = groups(sweep)
    assert [(it.name, it.scaled, [count for count, _ in it.arms]) for it in found] == [
        ("monolith-whole", ("monolith-web", "monolith-worker"), [1, 2, 4]),
        ("monolith-worker", ("monolith-worker",), [1, 2, 4]),
        ("recognition", ("recognition-worker",), [1, 2, 4]),
    ]
    assert next(arm.name for _, arm in found[2].arms) == "microservices-x1"
    for name in ("throughput", "memory", "cost"):
        assert f'id="replicas-waiting-{name}-title"' in sections["replicas-waiting"]


def test_an_elasticity_section_marks_order_readiness_and_recovery(sections: dict[str, str]) -> None:
    section = sections["elasticity"]
    assert "monolith-whole: order after 5.0 s, ready after 9.0 s, back after 10.5 s" in section
    for mark in ("order", "ready", "back"):
        assert section.count(f">{mark}</text>") == 3
    assert f"then monolith-web {TIMES}4, monolith-worker {TIMES}4" in section


def test_an_unknown_elasticity_shows_its_reason() -> None:
    (sweep,) = (it for it in SWEEPS if it.name == "elasticity")
    measured = [it for it in _every("elasticity") if it.block == 1]
    few = [
        replace(trial, calls=tuple(call for call in trial.calls if call.intended_at > 125.0))
        for trial in measured
    ]
    text = Outline(rendering.render(results(few, [sweep]))).in_plain_sight
    assert text.count("flows before the step are too few for their p95, which needs 20.") == 3


def test_the_floor_section_gives_every_arm_that_does_its_work(sections: dict[str, str]) -> None:
    floor = sections["floor"]
    for arm in ("load: monolith", "load: services", "replicas-working: recognition-x4"):
        assert arm in floor
    assert "waiting: monolith" not in floor
    assert "work: " not in floor


def test_the_accounting_leaves_out_what_was_not_counted(sections: dict[str, str]) -> None:
    table = sections["accounting"]
    assert ">messages</th>" in table
    assert ">generator, CPU-ms</th>" in table
    assert ">statements</th>" not in table, "the made-up windows couldn't be read"


def test_external_targets_show_no_unknown_figure() -> None:
    drawn = rendering.render(results(external_trials(), [EXTERNAL], bound_per_second=None))
    outline = Outline(drawn)
    assert "target-a is http://127.0.0.1:8080" in outline.in_plain_sight
    assert "counted by the targets' own APIs" in outline.in_plain_sight
    for absent in (
        "Where the CPU time goes",
        ">Memory</h3>",
        "MiB",
        ">CPU-ms</th>",
        ">results</th>",
    ):
        assert absent not in drawn
    assert 'id="load-throughput-title"' in drawn
    assert 'id="load-cost-title"' not in drawn


def test_arms_of_a_figure_are_distinct_without_colours() -> None:
    for sweep in scaling(everything()).sweeps:
        arms = sweep.arms[:7]
        found = styles_of(arms)
        assert len({it.marker for it in found.values()}) == len(arms)
        for arm in arms:
            hue = {"monolith": "--first", "microservices": "--second", "floor": "--third"}
            assert found[arm.name].variable.startswith(hue[arm.architecture])
    two = styles_of(Group(name, "external", (), ()) for name in ("a", "b"))
    assert [it.variable for it in two.values()] == ["--first-1", "--second-1"]


def _every(sweep: str) -> list[Trial]:
    return [it for it in every_trial() if it.sweep == sweep]
