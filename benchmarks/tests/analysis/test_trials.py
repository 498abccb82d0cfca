"""Windows, CPU per submission, and what makes a trial void."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from benchmarks.analysis.accounting import Ledger
from benchmarks.analysis.trials import (
    READ,
    READY,
    SHED,
    Call,
    Level,
    Window,
    cpu_ms_per_submission,
    measure,
    upper_half,
)
from benchmarks.analysis.usage import Part, Reading, cpu_between
from benchmarks.analysis.validity import (
    generator_reasons,
    is_disturbed,
    visit_reasons,
    void_reasons,
)

WEB, DATABASE = Part("unit", "app", "app-web-1"), Part("backing", "postgres", "postgres")
LEDGER = Ledger(100, 100, 0, 100, 100, 0, 100)


def readings(at: float, web_ms: float, database_ms: float) -> list[Reading]:
    return [Reading(at, WEB, 11, web_ms, 2**20), Reading(at, DATABASE, 12, database_ms, 2**20)]


def window(users: int = 4, start: float = 100.0, seconds: float = 10.0) -> Window:
    return Window(
        step=0,
        users=users,
        rate=0.0,
        start=start,
        end=start + seconds,
        before=readings(start, 1000, 500),
        after=readings(start + seconds, 4000, 1500),
        generator_share=0.05,
        harness_share=0.01,
        lag_p99_ms=1.0,
        lag_max_ms=4.0,
        steal_share=0.0,
        core_busy_seconds=4.5,
    )


def flow(ended_at: float, *, failed: bool = False) -> Call:
    return Call(READY, ended_at - 0.25, ended_at, 250.0, failed, step=0, measured=True)


def level(**changes: object) -> Level:
    """A level in order; changes are of its window where that has the name."""
    calls = [flow(100 + n / 10) for n in range(100)]
    found = measure(window(), calls)
    names = {field.name for field in fields(Window)}
    own = {name: value for name, value in changes.items() if name not in names}
    windowed = {name: value for name, value in changes.items() if name in names}
    return replace(found, window=replace(found.window, **windowed), **own)  # type: ignore[arg-type]


def test_only_what_ended_between_the_readings_counts() -> None:
    calls = [flow(99.99), flow(100.0), flow(105.0), flow(109.99), flow(110.0)]
    found = measure(window(), calls)
    assert found.completed == 3
    assert found.throughput == pytest.approx(0.3)


def test_failed_flows_and_calls_are_errors_and_not_completions() -> None:
    calls = [
        flow(101),
        flow(102, failed=True),
        Call("/submissions (upload)", 102.9, 103, 9.0, True, 0, True),
    ]
    found = measure(window(), calls)
    assert (found.completed, found.errors, found.calls) == (1, 2, 1)
    assert found.submit_ms.p50 is None, "what failed took for ever"


def test_a_refused_submission_never_became_ready_and_a_refused_read_is_none() -> None:
    """Its request has the only row: left out, the side that refuses more would look sooner."""
    refused = [
        Call(name, 102.9, 103, 9.0, True, 0, True)
        for name in ("/submissions (upload)", "/submissions (address)", "/submissions", READ)
    ]
    found = measure(window(), [flow(101), *refused])
    assert found.ready_ms.count == 3
    assert found.ready_ms.p50 is None
    assert measure(window(), [flow(101), *refused[2:]]).ready_ms.count == 1


def test_cpu_is_divided_by_what_was_completed() -> None:
    found = level()
    assert found.cpu_ms == {WEB: 3000.0, DATABASE: 1000.0}
    assert found.cpu_ms_per_submission == pytest.approx(40.0)
    assert found.cores_used == pytest.approx(0.4)
    assert found.foreign_cores == pytest.approx(0.05)


def test_cpu_that_no_core_of_the_target_was_busy_for_has_escaped() -> None:
    """The processes used 4 s in all; the target's core was busy for 3.2 s of the 10."""
    found = measure(replace(window(), core_busy_seconds=3.2), [flow(101)])
    assert found.escaped_cores == pytest.approx(0.08)
    assert found.foreign_cores == 0.0


def test_cpu_over_levels_is_weighed_by_their_submissions() -> None:
    few = replace(level(), completed=10, cpu_ms={WEB: 1000.0})
    many = replace(level(), completed=90, cpu_ms={WEB: 3600.0})
    assert cpu_ms_per_submission([few, many]) == pytest.approx(46.0)
    assert cpu_ms_per_submission([replace(few, completed=0)]) is None


def test_a_restarted_process_counts_from_its_zero() -> None:
    after = [Reading(110.0, WEB, 99, 70.0, 2**20)]
    assert cpu_between(readings(100.0, 1000, 500), after) == {WEB: 70.0}


def test_what_a_restarted_process_s_predecessor_used_before_the_window_isn_t_counted() -> None:
    """The predecessor had used 1000 ms before, 40 more in the window; the successor 30 there."""
    before = [Reading(100.0, WEB, 7, 1000.0, 2**20)]
    after = [Reading(110.0, WEB, 99, 1070.0, 2**20)]
    assert cpu_between(before, after) == {WEB: 70.0}


def test_a_process_that_a_release_ended_counts_beside_its_successor() -> None:
    """The ended one is still read, with what it used until its end."""
    before = [Reading(100.0, WEB, 7, 1000.0, 2**20)]
    after = [Reading(110.0, WEB, 7, 1040.0, 0), Reading(110.0, WEB, 99, 30.0, 2**20)]
    assert cpu_between(before, after) == {WEB: 70.0}


@pytest.mark.parametrize(
    ("count", "upper"), [(1, [1]), (2, [1, 2]), (3, [2, 3]), (4, [3, 4]), (5, [3, 4, 5])]
)
def test_the_headline_s_levels(count: int, upper: list[int]) -> None:
    levels = [level(users=number) for number in range(1, count + 1)]
    assert [it.window.users for it in upper_half(levels)] == upper


def test_a_trial_in_order_counts() -> None:
    assert void_reasons([level()], LEDGER) == []


@pytest.mark.parametrize(
    ("found", "ledger", "expected"),
    [
        (level(generator_share=0.85), LEDGER, "generator used 86% of its core"),
        (level(generator_share=0.5, harness_share=0.4), LEDGER, "generator used 90% of its core"),
        (level(escaped_cores=0.2), LEDGER, "0.20 of a core outside its own"),
        (level(lag_max_ms=1500.0), LEDGER, "at 4 users the generator stood still for 1.5 s"),
        (level(users=0, rate=5.0, offered=100, started=97), LEDGER, "only 97 of 100 arrivals"),
        (level(completed=0), LEDGER, "no submission was completed"),
        (level(), replace(LEDGER, rows=99), "the target holds 99"),
    ],
)
def test_what_voids_a_trial(found: Level, ledger: Ledger, expected: str) -> None:
    assert [reason for reason in void_reasons([found], ledger) if expected in reason]


def test_arrivals_that_were_nearly_all_sent_count() -> None:
    sent = level(users=0, rate=5.0, offered=100, started=98)
    assert void_reasons([sent], LEDGER) == []
    assert sent.label == "5 arrivals/s"


def test_a_clock_that_was_set_voids_the_trial() -> None:
    assert void_reasons([level()], LEDGER, wall_drift_ms=150.0) == []
    (reason,) = void_reasons([level()], LEDGER, wall_drift_ms=5000.0)
    assert reason == "the wall clock was set by 5.0 s while the trial ran"


def test_visits_complete_no_submission() -> None:
    assert visit_reasons([level(completed=0)], LEDGER, busy=()) == []


@pytest.mark.parametrize(
    ("found", "ledger", "expected"),
    [
        (level(harness_share=0.85), LEDGER, "generator used 90% of its core"),
        (
            level(escaped_cores=0.2, foreign_cores=0.0),
            LEDGER,
            "0.20 of a core outside its own, over all windows",
        ),
        (level(), replace(LEDGER, rows=99), "the target holds 99"),
    ],
)
def test_what_voids_a_trial_of_visits(found: Level, ledger: Ledger, expected: str) -> None:
    assert [it for it in visit_reasons([found], ledger, busy=()) if expected in it]


def test_cpu_outside_the_own_cores_is_judged_over_all_windows_of_visits() -> None:
    """The measurements of one short window may differ by the steps in which CPU time is counted."""
    early = level(escaped_cores=0.08, foreign_cores=0.0)
    late = level(escaped_cores=0.0, foreign_cores=0.06)
    assert visit_reasons([early, late], LEDGER, busy=()) == []
    assert visit_reasons([early, early], LEDGER, busy=())


def test_a_busy_step_of_visits_may_keep_the_generator_busy() -> None:
    busy = level(harness_share=0.95)
    assert visit_reasons([busy], LEDGER, busy={busy.window.step}) == []
    assert visit_reasons([busy], LEDGER, busy={busy.window.step + 1})
    (reason,) = visit_reasons([], LEDGER, busy=(), wall_drift_ms=5000.0)
    assert "the wall clock was set" in reason


def test_open_levels_are_not_among_the_headline_s_levels() -> None:
    levels = [level(users=1), level(users=2), level(users=0, rate=3.0)]
    assert [it.window.users for it in upper_half(levels)] == [1, 2]
    assert len(upper_half(levels[2:])) == 1, "where all are open, all count"


def test_this_machine_s_cores_are_ignored_for_an_external_target() -> None:
    bare = replace(window(), before=(), after=(), core_busy_seconds=9.0, beside_busy_seconds=9.0)
    found = measure(bare, [flow(101)], seen=False)
    assert found.cpu_ms_per_submission is None
    assert (found.foreign_cores, found.escaped_cores, found.disturbance(1)) == (0.0, 0.0, 0.0)


def test_rows_are_selected_by_the_names_of_the_load() -> None:
    """The load's modules import Locust, which patches its importer; so their text is read."""
    workload = Path(__file__).parents[2] / "workload"
    assert f'RESULT = "{READ}"' in (workload / "tasks.py").read_text()
    assert f'READY = "{READY}"' in (workload / "users.py").read_text()
    assert f'SHED = "{SHED}"' in (workload / "slots.py").read_text()


def late(intended_at: float, ended_at: float, **changes: object) -> Call:
    latency_ms = (ended_at - intended_at) * 1000
    return replace(Call(READY, intended_at, ended_at, latency_ms, False, 0, True), **changes)  # type: ignore[arg-type]


def test_an_arrival_s_latency_is_its_own_step_s_whenever_it_ends() -> None:
    """What came in the warm-up isn't in it, and what ended after the window is."""
    opened = replace(window(users=0), rate=2.0)
    calls = [
        *(late(101 + n, 101.5 + n) for n in range(5)),
        *(late(109 + n / 10, 125) for n in range(5)),
        late(99, 101, measured=False),
        late(90, 102, step=7),
    ]
    found = measure(opened, calls)
    assert found.ready_ms.count == 10
    slow = [(125 - 109 - n / 10) * 1000 for n in range(5)]
    assert found.ready_ms.mean == pytest.approx((5 * 500 + sum(slow)) / 10)
    assert found.completed == 7, "what ended in the window was carried in it"


def test_arrivals_that_failed_or_were_shed_took_for_ever() -> None:
    opened = replace(window(users=0), rate=2.0)
    calls = [late(101 + n / 10, 101.2 + n / 10) for n in range(57)]
    calls += [late(108, 108, failed=True), replace(late(108, 108, failed=True), name=SHED)]
    found = measure(opened, calls)
    assert found.ready_ms.count == 59
    assert found.ready_ms.p50 == pytest.approx(200)
    assert found.ready_ms.p95 == pytest.approx(200)
    more = measure(opened, calls + [late(108, 108, failed=True)] * 3)
    assert more.ready_ms.p95 is None
    assert more.ready_ms.mean == pytest.approx(200)


def test_a_closed_step_s_latencies_are_of_what_began_in_it() -> None:
    calls = [late(101, 103), late(95, 104, measured=False), late(95, 104, step=9), late(108, 111)]
    found = measure(window(), calls)
    assert found.ready_ms.count == 2
    assert found.completed == 3


def test_one_arrival_at_the_window_s_edge_is_tolerated() -> None:
    few = level(users=0, rate=2.0, offered=20, started=19)
    assert void_reasons([few], LEDGER) == []
    assert void_reasons([level(users=0, rate=2.0, offered=20, started=18)], LEDGER)
    overrun = level(users=0, rate=2.0, offered=20, started=12, shed=8)
    assert void_reasons([overrun], LEDGER) == [], "the target kept all slots busy"


def test_one_arrival_that_was_shed_excuses_no_other() -> None:
    late = level(users=0, rate=2.0, offered=100, started=50, shed=1)
    assert void_reasons([late], LEDGER)


def test_what_the_hypervisor_takes_disturbs_as_other_work_does() -> None:
    assert is_disturbed([level(steal_share=0.2, foreign_cores=0.0)], target_cores=1)
    assert not is_disturbed([level(steal_share=0.02, foreign_cores=0.02)], target_cores=1)


def test_on_several_cores_other_work_is_a_share_of_all_of_them() -> None:
    assert is_disturbed([level(steal_share=0.2, foreign_cores=0.0)], target_cores=4)
    assert is_disturbed([level(steal_share=0.0, foreign_cores=0.6)], target_cores=4)
    assert not is_disturbed([level(steal_share=0.0, foreign_cores=0.3)], target_cores=4)
    # The generator has one core, whatever the target has.
    assert is_disturbed([level(beside_busy_seconds=3.0, foreign_cores=0.0)], target_cores=4)


def test_work_on_the_generator_s_core_disturbs_too() -> None:
    """The generator and the harness used 6 % of 10 s themselves."""
    assert is_disturbed([level(beside_busy_seconds=3.0, foreign_cores=0.0)], target_cores=1)
    assert not is_disturbed([level(beside_busy_seconds=1.2, foreign_cores=0.0)], target_cores=1)


def test_what_was_deployed_apart_is_no_other_work_and_no_busy_generator() -> None:
    apart = level(beside_busy_seconds=7.0, apart_share=0.6, foreign_cores=0.0)
    assert not is_disturbed([apart], target_cores=1)
    busy = level(beside_busy_seconds=9.9, apart_share=0.9, generator_share=0.08)
    assert not [it for it in void_reasons([busy], LEDGER) if "generator" in it]
    unknown = level(beside_busy_seconds=9.0, apart_share=0.6, foreign_cores=0.0)
    assert is_disturbed([unknown], target_cores=1)


def test_what_a_failing_target_does_voids_nothing() -> None:
    """Its losses and its late arrivals are what such a trial measures."""
    late = level(rate=5.0, offered=100, started=50)
    assert void_reasons([late], LEDGER)
    assert generator_reasons([late]) == []


def test_a_failing_target_s_trial_is_void_by_its_generator_alone() -> None:
    (stood_still,) = generator_reasons([level(lag_max_ms=1500.0)])
    assert "stood still for 1.5 s" in stood_still
    (busy,) = generator_reasons([level(generator_share=0.9)])
    assert "of its core" in busy
    (clock,) = generator_reasons([level()], wall_drift_ms=5000.0)
    assert "wall clock was set" in clock
    (empty,) = generator_reasons([measure(window(), [])])
    assert "no submission was completed" in empty
