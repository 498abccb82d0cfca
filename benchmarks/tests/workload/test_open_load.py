"""The generator under an open load: arrivals that don't wait, and what becomes of each."""

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.analysis.trials import READY, SHED
from benchmarks.tests.fake_target import FakeApplication, Faults, Server
from benchmarks.tests.workload.locust_driver import GeneratorOutput, drive
from benchmarks.workload.arrivals import conditioned_times
from benchmarks.workload.rows import Row
from benchmarks.workload.schedule import Schedule, Step

pytestmark = pytest.mark.slow

SUBMIT, WAIT = "/submissions (upload)", "/submissions/[id]?wait"
SLOTS, ACCOUNTS = 64, 16
SEED = 7
AT_THE_EDGE = 2  # arrivals that were due as the window ended

Done = tuple[GeneratorOutput, Server]


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    """At a rate that the target can do, in two steps."""
    schedule = Schedule((Step(0.5, 3.0, rate=25), Step(0.2, 1.0, rate=25)))
    with Server(FakeApplication(work_ms=10)) as server:
        folder = tmp_path_factory.mktemp("steady")
        yield drive(server.base_url, folder, schedule, "--seed", str(SEED)), server


@pytest.fixture(scope="module")
def flooded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    """At five times of what the target can do."""
    with Server(FakeApplication(work_ms=40)) as server:
        folder = tmp_path_factory.mktemp("flooded")
        yield drive(server.base_url, folder, Schedule((Step(0.3, 1.5, rate=125),))), server


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    steps = (
        Step(0.3, 0.7, users=4),
        Step(0.3, 1.0, rate=30),
        Step(0.3, 0.7, users=3),
        Step(0.3, 0.7, users=1),
        Step(0.3, 1.0, rate=30),
    )
    with Server(FakeApplication(work_ms=10)) as server:
        folder = tmp_path_factory.mktemp("mixed")
        yield drive(server.base_url, folder, Schedule(steps)), server


@pytest.fixture(scope="module")
def varied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    """Arrivals that don't all come to submit."""
    schedule = Schedule((Step(0.3, 2.5, rate=40, mixed=True),))
    with Server(FakeApplication(work_ms=10)) as server:
        folder = tmp_path_factory.mktemp("varied")
        yield drive(server.base_url, folder, schedule, "--seed", str(SEED)), server


def windows(output: GeneratorOutput) -> list[tuple[dict[str, Any], list[Row]]]:
    """Each window's end, with the submits and the shed arrivals that were meant for it."""
    came = [row for row in output.rows if row.name in {SUBMIT, SHED}]
    return [
        (end, [row for row in came if start["at"] <= row.intended_at < end["at"]])
        for start, end in zip(output.of("window-start"), output.of("window-end"), strict=True)
    ]


def test_each_window_is_offered_what_its_rate_says_and_all_are_sent(steady: Done) -> None:
    for (end, came), expected in zip(windows(steady[0]), (75, 25), strict=True):
        assert end["offered"] == expected
        assert end["offered"] - AT_THE_EDGE <= end["started"] <= end["offered"]
        assert end["offered"] - AT_THE_EDGE <= len(came) <= end["offered"]
        assert end["shed"] == 0
    assert steady[0].drained["errors"] == steady[0].drained["shed"] == 0


def test_arrivals_come_at_the_seed_s_times_and_never_earlier(steady: Done) -> None:
    """So the arms of a block meet the same: stretched at most, by how late a window begins."""
    submits = steady[0].named(SUBMIT)
    for step, ((_, came), seconds) in enumerate(zip(windows(steady[0]), (3.0, 1.0), strict=True)):
        meant = sorted(row.intended_at for row in came)
        number = round(25 * seconds)
        times = conditioned_times(number, seconds, random.Random(f"{SEED}-{step}-window"))
        last = sum(time > seconds - 0.35 for time in times)  # a busy loop may miss those alone
        assert number - last <= len(meant) <= number
        both, end = range(number - last), number - last - 1
        seen = [(meant[it] - meant[0]) / (meant[end] - meant[0]) for it in both]
        drawn = [(times[it] - times[0]) / (times[end] - times[0]) for it in both]
        assert seen == pytest.approx(drawn, abs=1e-4)
    assert all(row.started_at >= row.intended_at - 1e-6 for row in submits)
    late = sorted(row.started_at - row.intended_at for row in submits)
    assert late[len(late) // 2] < 0.01


def test_a_flow_s_rows_carry_its_intended_start_and_no_other_row_does(steady: Done) -> None:
    output = steady[0]
    ready = {row.submission_id: row for row in output.named(READY)}
    for submit in output.named(SUBMIT):
        assert ready[submit.submission_id].intended_at == submit.intended_at
        assert ready[submit.submission_id].latency_ms > submit.latency_ms
    others = [row for row in output.rows if row.name not in {SUBMIT, READY}]
    assert others
    assert all(row.intended_at == row.started_at for row in others)


def test_accounts_are_few_and_made_beforehand(steady: Done) -> None:
    output, server = steady
    assert output.events[0] == {"event": "prepared", "accounts": ACCOUNTS}
    assert len(server.application.passwords) == ACCOUNTS
    signed = [row for row in output.rows if row.name in {"/accounts", "/tokens"}]
    assert {row.phase for row in signed} == {"prepare"}
    assert output.drained["account_submissions"] == output.drained["accepted"]


def test_it_costs_the_generator_little(steady: Done) -> None:
    """At 25 flows a second it must stay far below the 80 % of a core that void a trial."""
    for end in steady[0].of("window-end"):
        assert 0 < end["cpu_share"] < 0.4


def test_what_finds_all_slots_busy_is_shed_and_counted(flooded: Done) -> None:
    output, server = flooded
    (end, came), *_ = windows(output)
    shed = [row for row in came if row.name == SHED]
    assert end["offered"] == round(125 * 1.5)
    assert end["offered"] - AT_THE_EDGE <= len(came) <= end["offered"]
    assert len(shed) == end["shed"] > 0
    assert end["started"] + end["shed"] >= end["offered"] - AT_THE_EDGE, (
        "no arrival is left waiting"
    )
    assert output.drained["shed"] == len(output.named(SHED))
    assert output.drained["errors"] == 0, "who was never let in made no error"
    assert output.drained["accepted"] == len(server.application.submissions)
    assert output.drained["accepted"] == output.drained["succeeded"]


def test_each_arrival_that_was_shed_has_a_row(flooded: Done) -> None:
    for row in flooded[0].named(SHED):
        assert (row.status, row.error, row.submission_id) == (0, "shed", "")
        assert row.intended_at == row.started_at
        assert (row.phase, row.step) in {("warm-up", 0), ("window", 0)}


def test_no_more_flows_run_at_a_time_than_there_are_slots(flooded: Done) -> None:
    ready = flooded[0].named(READY)
    edges = sorted([(it.started_at, 1) for it in ready] + [(it.ended_at, -1) for it in ready])
    running = most = 0
    for _, change in edges:
        running += change
        most = max(most, running)
    assert most == SLOTS
    assert len({row.user for row in ready}) == SLOTS


def test_the_wait_for_a_slot_counts(flooded: Done) -> None:
    output = flooded[0]
    waits = {row.submission_id: row for row in output.named(WAIT)}
    submits = {row.submission_id: row for row in output.named(SUBMIT)}
    waited = [row for row in output.named(READY) if row.started_at - row.intended_at > 0.1]
    assert len(waited) >= 5
    for row in waited:
        submit, wait = submits[row.submission_id], waits[row.submission_id]
        assert submit.started_at <= submit.ended_at <= wait.started_at + 0.001
        assert 0 <= row.ended_at - wait.ended_at < 0.03
        assert row.latency_ms == pytest.approx((row.ended_at - row.intended_at) * 1000, abs=0.01)
        assert row.latency_ms > 100 + submit.latency_ms - (row.started_at - row.intended_at) * 1000


def stand_still(seconds: float) -> Any:
    """SIGSTOP to the generator, as its window begins."""

    def seen(event: dict[str, Any], pid: int) -> None:
        if event["event"] == "window-start":
            os.kill(pid, signal.SIGSTOP)
            time.sleep(seconds)
            os.kill(pid, signal.SIGCONT)

    return seen


def test_a_generator_that_stood_still_reports_its_lag(tmp_path: Path) -> None:
    schedule = Schedule((Step(0.3, 3.0, rate=25),))
    with Server(FakeApplication(work_ms=5)) as server:
        output = drive(server.base_url, tmp_path, schedule, seen=stand_still(1.5))
    (end, came), *_ = windows(output)
    assert end["lag_max_ms"] > 1400
    assert end["offered"] == 75, "the arrivals don't wait for it"
    assert end["offered"] - AT_THE_EDGE <= end["started"] <= end["offered"]
    late = {row.submission_id for row in came if row.started_at - row.intended_at > 1.0}
    assert late
    ready = [row for row in output.named(READY) if row.submission_id in late]
    assert min(row.latency_ms for row in ready) > 1000, "what a person would have waited"


def test_arrivals_that_a_stall_kept_back_at_the_end_are_missed(tmp_path: Path) -> None:
    schedule = Schedule((Step(0.3, 1.0, rate=25),))
    with Server(FakeApplication(work_ms=5)) as server:
        output = drive(server.base_url, tmp_path, schedule, seen=stand_still(1.5))
    (end, _), *_ = windows(output)
    assert end["lag_max_ms"] > 1400
    assert end["started"] < 0.5 * end["offered"]
    assert end["offered"] == 25
    assert output.drained["accepted"] == output.drained["succeeded"]


def test_closed_and_open_steps_follow_each_other(mixed: Done) -> None:
    output, server = mixed
    ends = output.of("window-end")
    assert [it["step"] for it in ends] == [0, 1, 2, 3, 4]
    for step, users in ((0, 4), (2, 3), (3, 1)):
        inside = [row for row in output.rows if row.phase == "window" and row.step == step]
        assert len({row.user for row in inside}) == users, "the others have ended"
        assert {SUBMIT, READY} <= {row.name for row in inside}
        assert ends[step]["offered"] == ends[step]["started"] == ends[step]["shed"] == 0
    for step in (1, 4):
        end, came = windows(output)[step]
        assert end["offered"] == 30
        assert end["offered"] - AT_THE_EDGE <= end["started"] <= len(came) <= end["offered"]
        assert {row.step for row in came} == {step}
    assert output.drained["accepted"] == output.drained["succeeded"]
    assert output.drained["accepted"] == len(server.application.submissions)
    assert output.drained["account_submissions"] == output.drained["accepted"]
    assert output.drained["errors"] == output.drained["shed"] == 0


def test_slots_that_are_busy_yet_take_no_arrivals_of_a_later_step(tmp_path: Path) -> None:
    """Else there would be more slots than the pool has."""
    steps = (Step(0, 0.6, rate=150), Step(0, 0.2, users=1), Step(0, 1.5, rate=20))
    with Server(FakeApplication(work_ms=40)) as server:
        output = drive(server.base_url, tmp_path, Schedule(steps))
    ready = output.named(READY)
    earlier, later = ({row.user for row in ready if row.step == step} for step in (0, 2))
    open_yet = max(row.ended_at for row in ready if row.step == 0)
    assert open_yet > min(row.intended_at for row in ready if row.step == 2)
    assert len(earlier) > 10
    assert later
    assert earlier.isdisjoint(later)


def test_labels_name_users_and_rates(mixed: Done) -> None:
    labels = [it["label"] for it in mixed[0].of("progress")]
    assert list(dict.fromkeys(labels)) == ["4 users", "30/s", "3 users", "1 user"]


def test_mixed_arrivals_do_what_they_come_for(varied: Done) -> None:
    """Each is one request, or one flow, with the arrival's own moment as its intended start."""
    output, _server = varied
    came = {name: output.named(name) for name in ("/tokens", "/submissions", "/", SUBMIT)}
    by_name = {
        name: [row for row in rows if row.phase in {"window", "warm-up"}]
        for name, rows in came.items()
    }
    shares = {"/tokens": 0.1, "/submissions": 0.35, "/": 0.2, SUBMIT: 0.35}
    total = sum(map(len, by_name.values()))
    assert output.of("window-end")[0]["offered"] == 100
    assert total == pytest.approx(112, abs=4 * 12**0.5), "the warm-up's number varies"
    for name, share in shares.items():
        assert len(by_name[name]) == pytest.approx(share * total, abs=4 * (share * total) ** 0.5)
        assert all(row.started_at >= row.intended_at - 1e-6 for row in by_name[name])
        assert len({row.intended_at for row in by_name[name]}) == len(by_name[name])
    assert any(row.started_at > row.intended_at for row in by_name["/"]), "it has an intended start"
    assert output.drained["errors"] == output.drained["shed"] == 0
    assert output.drained["accepted"] == len(by_name[SUBMIT])


@pytest.mark.parametrize("persistent", [True, False])
def test_a_persistent_client_retries_where_its_wait_is_refused(
    tmp_path: Path, *, persistent: bool
) -> None:
    """For the first second of the window every wait is refused."""
    faults = Faults(down={"/submissions/"})
    schedule = Schedule((Step(0.0, 1.5, rate=10, persistent=persistent),))

    def seen(event: dict[str, Any], _pid: int) -> None:
        if event["event"] == "progress" and event["elapsed_seconds"] >= 1.0:
            faults.down.clear()

    with Server(FakeApplication(work_ms=10, faults=faults)) as server:
        output = drive(server.base_url, tmp_path, schedule, seen=seen)
    refused = [row for row in output.named(WAIT) if row.status == 503]
    assert refused
    failed = [row for row in output.named(READY) if row.error]
    assert bool(failed) is not persistent
    assert (output.drained["accepted"] == output.drained["succeeded"]) is persistent
