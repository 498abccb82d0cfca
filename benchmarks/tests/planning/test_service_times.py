"""Service times come from the committed documents, and nothing is lost on the way."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from benchmarks.planning.calibration import cpu_under_load, load_factor
from benchmarks.planning.errors import PlanningError
from benchmarks.planning.service_times import IDLE, WHOLE, Speed, by_type, service_times, speed
from benchmarks.planning.sources import (
    FITTED,
    PROFILE,
    RESULTS,
    Sources,
    read_recognizer,
)
from benchmarks.results_model.experiments import ScalingResults
from benchmarks.results_model.request_profile import ProfileDocument, read_profile

SIDES = ("monolith", "microservices")


@pytest.mark.parametrize("name", SIDES)
def test_the_calls_add_up_to_the_submission_without_the_background(
    sources: Sources, name: str
) -> None:
    whole = by_type(sources.profile.kind(WHOLE).sides[name])
    idle = by_type(sources.profile.kind(IDLE).sides[name])
    seconds = sum(whole.values()) / 1000
    expected = sum(max(0.0, ms - idle.get(it, 0.0) * seconds) for it, ms in whole.items())
    assert sources.times[name].total_ms == pytest.approx(expected)


@pytest.mark.parametrize("name", SIDES)
def test_a_core_that_does_nothing_else_has_the_background_too(sources: Sources, name: str) -> None:
    times = sources.times[name]
    background = sum(times.background_ms.values()) * times.saturated_ms / 1000
    assert times.saturated_ms == pytest.approx(times.total_ms + background)


@pytest.mark.parametrize("name", SIDES)
def test_without_the_search_the_worker_has_less(sources: Sources, name: str) -> None:
    times = sources.times[name]
    left = times.without_search()
    assert left.total_ms == pytest.approx(times.total_ms - times.search_ms)
    assert left.by_process()["worker"] < times.by_process()["worker"]


def test_a_speed_scales_everything(sources: Sources) -> None:
    times = sources.times["monolith"]
    slower = times.at_speed(Speed(search=2.0, other=2.0))
    assert slower.saturated_ms > 2 * times.saturated_ms  # the background takes longer as well
    assert slower.total_ms == pytest.approx(2 * times.total_ms)
    assert slower.search_ms == 2 * times.search_ms


@pytest.mark.parametrize("name", SIDES)
def test_a_faster_search_leaves_all_else_as_it_is(sources: Sources, name: str) -> None:
    times = sources.times[name]
    faster = times.at_speed(Speed(search=0.5, other=1.0))
    assert faster.total_ms == pytest.approx(times.total_ms - times.search_ms / 2)
    assert faster.background_ms == times.background_ms
    assert faster.without_search().cpu_ms["wait-upload"] == pytest.approx(
        times.without_search().cpu_ms["wait-upload"]
    )


def test_the_fitted_run_has_the_cpu_time_that_it_was_fitted_on(sources: Sources) -> None:
    measured = cpu_under_load(sources.runs[FITTED])
    ratios = [
        sources.times_in(FITTED)[name].saturated_ms / measured[name] for name in sources.times
    ]
    assert ratios[0] * ratios[1] == pytest.approx(1.0, abs=0.02)


def test_a_machine_s_speed_is_its_floor_s(sources: Sources) -> None:
    run, times = sources.runs[FITTED], sources.times["monolith"]
    found = speed(times, run, run)
    assert found.other == 1.0
    twice = dataclasses.replace(times, floor_ms=2 * times.floor_ms)
    assert speed(twice, run, run).search == pytest.approx(found.search / 2)
    slower = speed(times, with_store(run, 2.0), run)
    assert slower.search == pytest.approx(found.search)
    assert slower.other == pytest.approx(2.0)


def with_store(run: ScalingResults, factor: float) -> ScalingResults:
    """Return the run with so many times the CPU time of the object store behind the floor."""
    plain = msgspec.to_builtins(run)
    (floor,) = (it for it in plain["sweeps"] if it["name"] == "floor")
    for process in floor["arms"][0]["cpu_by_process"]:
        if process["process"] == "s3":
            process["cpu_ms"] *= factor
    return msgspec.convert(plain, ScalingResults)


def changed(profile: ProfileDocument, edit: Any) -> ProfileDocument:
    """Return the profile with its plain form edited."""
    plain = msgspec.to_builtins(profile)
    edit(plain)
    return msgspec.convert(plain, ProfileDocument)


def test_a_profile_without_a_call_is_refused(sources: Sources) -> None:
    def edit(plain: Mapping[str, Any]) -> None:
        plain["kinds"][:] = [it for it in plain["kinds"] if it["name"] != "result"]

    recognizer = read_recognizer(RESULTS / "example-recognizer" / "recognizer.json")
    with pytest.raises(PlanningError, match="has no result of monolith"):
        service_times(changed(read_profile(RESULTS / PROFILE), edit), recognizer, "monolith")


def test_a_profile_without_layers_is_refused(sources: Sources) -> None:
    def edit(plain: Mapping[str, Any]) -> None:
        for kind in plain["kinds"]:
            for side in kind["sides"].values():
                for process in side["processes"]:
                    process["layers"] = {}

    recognizer = read_recognizer(RESULTS / "example-recognizer" / "recognizer.json")
    with pytest.raises(PlanningError, match="no layers of the worker"):
        service_times(changed(sources.profile, edit), recognizer, "monolith")


def test_a_run_without_a_load_sweep_can_t_be_fitted_on(sources: Sources) -> None:
    run = sources.runs[FITTED]
    only = msgspec.structs.replace(run, sweeps=[it for it in run.sweeps if it.name == "floor"])
    with pytest.raises(PlanningError, match="no load sweep of microservices"):
        load_factor(sources.times, only)
    none = msgspec.structs.replace(run, sweeps=[])
    with pytest.raises(PlanningError, match="no floor"):
        speed(sources.times["monolith"], none, run)
