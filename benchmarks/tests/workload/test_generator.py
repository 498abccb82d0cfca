"""The generator under a closed load, against a target whose books can be looked into."""

import math
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from benchmarks.analysis.trials import READY
from benchmarks.tests.fake_target import FakeApplication, Faults, Server
from benchmarks.tests.workload.locust_driver import GeneratorOutput, command, drive
from benchmarks.tests.workload.locust_process import REPOSITORY
from benchmarks.workload.schedule import Schedule

SCHEDULE = Schedule.closed((1, 4), warm_up_seconds=0.3, window_seconds=0.8)
RESULT = "/submissions/[id]/result"


@dataclass(frozen=True)
class Done:
    output: GeneratorOutput
    server: Server


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    with Server(FakeApplication(work_ms=20)) as server:
        yield Done(drive(server.base_url, tmp_path_factory.mktemp("run"), SCHEDULE), server)


def test_marks_come_in_the_order_of_the_schedule(done: Done) -> None:
    marks = [it for it in done.output.events if it["event"].startswith("window")]
    assert [(it["event"], it["step"]) for it in marks] == [
        ("window-start", 0),
        ("window-end", 0),
        ("window-start", 1),
        ("window-end", 1),
    ]
    assert done.output.events[0] == {"event": "prepared", "accounts": 4}
    assert done.output.events[-1]["event"] == "drained"


def test_windows_last_as_long_as_they_should(done: Done) -> None:
    at = [it["at"] for it in done.output.events if it["event"].startswith("window")]
    for lasted in (at[1] - at[0], at[3] - at[2]):
        assert 0.75 < lasted < 1.6, "the second window may not have swallowed the next step"


def test_it_reports_its_progress(done: Done) -> None:
    output = done.output.of("progress")
    assert [it["label"] for it in output] == sorted(it["label"] for it in output)
    assert {it["label"] for it in output} == {"1 user", "4 users"}
    elapsed = [it["elapsed_seconds"] for it in output]
    assert elapsed == sorted(elapsed)
    # Each half second, or as soon afterwards as the machine lets it
    expected = int(SCHEDULE.seconds / 0.5) + 1
    assert expected - math.ceil(done.output.withheld_ms / 500) <= len(elapsed) <= expected
    assert 0 < output[-1]["succeeded"] <= output[-1]["accepted"]


def test_what_was_accepted_is_what_the_target_holds(done: Done) -> None:
    drained, rows = done.output.drained, done.output.rows
    held = set(done.server.application.submissions)
    assert drained["accepted"] == drained["succeeded"] == len(held)
    assert drained["unfinished"] == []
    assert {row.submission_id for row in rows if row.name == READY} == held
    assert all(it["state"] == "succeeded" for it in done.server.application.submissions.values())


def test_the_accounts_have_the_same_number(done: Done) -> None:
    assert done.output.drained["account_submissions"] == done.output.drained["accepted"]


def test_accounts_are_made_before_any_load(done: Done) -> None:
    rows = done.output.rows
    made = [row for row in rows if row.name in {"/accounts", "/tokens"}]
    assert {(row.phase, row.step) for row in made} == {("prepare", -1)}
    assert max(row.ended_at for row in made) < min(
        row.started_at for row in rows if row.phase != "prepare"
    )
    assert len(done.server.application.passwords) == 4, "one for each user"
    assert set(done.server.application.rows) == set(done.server.application.passwords)


def test_the_step_s_number_of_users_is_at_work(done: Done) -> None:
    for step, users in enumerate((1, 4)):
        inside = [it for it in done.output.rows if it.phase == "window" and it.step == step]
        assert len({row.user for row in inside}) == users


def test_rows_have_the_same_time_on_both_clocks(done: Done) -> None:
    rows = done.output.rows
    offsets = [row.started_wall - row.started_at for row in rows]
    assert max(offsets) - min(offsets) < 0.05
    assert all(row.intended_at == row.started_at for row in rows), "a closed load intends no other"


def test_a_row_belongs_to_the_phase_that_it_began_in(done: Done) -> None:
    starts, ends = done.output.of("window-start"), done.output.of("window-end")
    for row in done.output.rows:
        inside = [
            index for index in (0, 1) if starts[index]["at"] <= row.started_at < ends[index]["at"]
        ]
        assert inside == ([row.step] if row.phase == "window" else [])
        assert (row.step == -1) == (row.phase in {"prepare", "drain"})


def test_ready_is_the_sum_of_its_calls(done: Done) -> None:
    """A flow takes at least its submit and its waits together, and little more.

    More may be what the generator waited for the core that other processes had.
    """
    spent: dict[str, float] = {}
    for row in done.output.rows:
        if row.submission_id and row.name not in {READY, RESULT}:
            spent[row.submission_id] = spent.get(row.submission_id, 0.0) + row.latency_ms
    for row in done.output.named(READY):
        assert row.latency_ms >= spent[row.submission_id] - 0.1
        assert row.latency_ms - spent[row.submission_id] < 30 + done.output.withheld_ms


def test_it_watches_itself(done: Done) -> None:
    for ended in done.output.of("window-end"):
        assert 0 < ended["cpu_share"] < 0.8
        assert ended["cpu_ms"] == pytest.approx(ended["cpu_share"] * 800, rel=0.2)
        assert 0 <= ended["lag_p99_ms"] <= ended["lag_max_ms"]
        assert (ended["offered"], ended["started"], ended["shed"]) == (0, 0, 0)


def test_the_clocks_agree_where_nothing_is_wrong(done: Done) -> None:
    assert done.output.drained["target_clock_skew_ms"] == pytest.approx(0, abs=20)
    assert 0 <= done.output.drained["wall_drift_ms"] < 50


def test_refusals_and_failures_are_not_taken_for_success(tmp_path: Path) -> None:
    faults = Faults(refuse_every=5, fail_every=7)
    with Server(FakeApplication(work_ms=5, faults=faults)) as server:
        output = drive(server.base_url, tmp_path, SCHEDULE)
    states = [it["state"] for it in server.application.submissions.values()]
    assert output.drained["accepted"] == len(states)
    assert output.drained["succeeded"] == states.count("succeeded")
    assert len(output.drained["unfinished"]) == states.count("failed") > 0
    refused = [row for row in output.rows if row.status == 503]
    assert refused
    assert all(row.error and not row.submission_id for row in refused)


def test_lost_rows_and_a_wrong_clock_of_the_target_are_reported(tmp_path: Path) -> None:
    faults = Faults(lose_every=4, clock_ahead_seconds=3.0)
    with Server(FakeApplication(work_ms=5, faults=faults)) as server:
        output = drive(server.base_url, tmp_path, Schedule.closed((2,), 0.1, 0.6))
    accepted = output.drained["accepted"]
    assert output.drained["account_submissions"] == accepted - accepted // 4 < accepted
    assert output.drained["target_clock_skew_ms"] == pytest.approx(3000, abs=20)
    assert output.drained["wall_drift_ms"] < 50, "ours is right"


def test_a_target_that_goes_away_is_distinct_from_a_refusal(tmp_path: Path) -> None:
    def go_away(event: dict[str, Any], _: int) -> None:
        if event["event"] == "window-start":
            server.stop_answering()

    with Server(FakeApplication(work_ms=5)) as server:
        output = drive(server.base_url, tmp_path, Schedule.closed((2,), 0.2, 1.0), seen=go_away)
    assert output.drained["answers_lost"] > 0
    assert output.drained["account_submissions"] is None, "the target is gone"


def test_a_missing_target_is_reported_at_once(tmp_path: Path) -> None:
    done = subprocess.run(
        command("http://127.0.0.1:9", tmp_path, SCHEDULE),
        check=False,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1
    assert "/accounts: status 0" in done.stderr.splitlines()[-1]


def test_a_schedule_that_can_t_be_is_refused_in_a_sentence(tmp_path: Path) -> None:
    order = command("http://127.0.0.1:9", tmp_path, SCHEDULE)
    order[order.index("--schedule") + 1] = "[]"
    done = subprocess.run(
        order, check=False, cwd=REPOSITORY, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 2
    assert "a schedule needs a step" in done.stderr.splitlines()[-1]


def test_it_ends_with_its_starter(tmp_path: Path) -> None:
    with Server(FakeApplication(work_ms=5)) as server:
        process = subprocess.Popen(
            command(
                server.base_url, tmp_path, Schedule.closed((1,), 0.0, 60.0), "--end-with-stdin"
            ),
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        assert b"prepared" in process.stdout.readline()
        began = time.monotonic()
        process.stdin.close()
        process.wait(timeout=5)
        assert time.monotonic() - began < 2
        process.stdout.close()
