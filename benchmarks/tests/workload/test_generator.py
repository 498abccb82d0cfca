"""The generator, against a target whose books can be looked into."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.analysis.trials import READY
from benchmarks.experiments.engine.errors import GeneratorError
from benchmarks.experiments.engine.generator import Event, Generator
from benchmarks.tests.fake_target import FakeApplication, Faults, Server
from benchmarks.tests.workload.locusting import IMAGE, REPOSITORY
from benchmarks.workload.rows import Row, read_rows
from benchmarks.workload.schedule import Schedule

SCHEDULE = Schedule((1, 4), warm_up_seconds=0.3, window_seconds=0.8)


def generator(base_url: str, folder: Path, schedule: Schedule = SCHEDULE) -> Generator:
    return Generator(
        base_url=base_url,
        schedule=schedule,
        rows=folder / "rows.csv",
        image=IMAGE,
        core=max(os.sched_getaffinity(0)),
        log=folder / "generator.log",
    )


def drive(server: Server, folder: Path) -> tuple[list[Event], list[Row]]:
    with generator(server.base_url, folder) as running:
        events = list(running.events())
    return events, list(read_rows(folder / "rows.csv"))


@pytest.fixture(scope="module")
def done(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[list[Event], list[Row], Server]]:
    with Server(FakeApplication(work_ms=20)) as server:
        yield *drive(server, tmp_path_factory.mktemp("run")), server


Done = tuple[list[Event], list[Row], Server]


def test_marks_come_in_the_order_of_the_schedule(done: Done) -> None:
    marks = [event for event in done[0] if event.kind.startswith("window")]
    assert [(it.kind, it.fields["users"]) for it in marks] == [
        ("window-start", 1),
        ("window-end", 1),
        ("window-start", 4),
        ("window-end", 4),
    ]
    assert done[0][0].kind == "prepared"
    assert done[0][-1].kind == "drained"


def test_windows_last_as_long_as_they_should(done: Done) -> None:
    at = [event.fields["at"] for event in done[0] if event.kind.startswith("window")]
    assert at[1] - at[0] == pytest.approx(0.8, abs=0.15)
    assert at[3] - at[2] == pytest.approx(0.8, abs=0.15)


def test_what_was_accepted_is_what_the_target_holds(done: Done) -> None:
    events, rows, server = done
    drained = events[-1].fields
    held = set(server.application.submissions)
    assert drained["accepted"] == drained["succeeded"] == len(held)
    assert drained["unfinished"] == []
    assert {row.submission_id for row in rows if row.name == READY} == held
    assert all(it["state"] == "succeeded" for it in server.application.submissions.values())


def test_accounts_are_made_before_any_load(done: Done) -> None:
    rows = done[1]
    made = [row for row in rows if row.name in {"/accounts", "/tokens"}]
    assert {row.phase for row in made} == {"prepare"}
    assert max(row.ended_at for row in made) < min(
        row.started_at for row in rows if row.phase != "prepare"
    )


def test_as_many_users_as_the_step_says_are_at_work(done: Done) -> None:
    for users in (1, 4):
        inside = [row for row in done[1] if row.phase == "window" and row.users == users]
        assert len({row.user for row in inside}) == users


def test_rows_tell_the_same_time_on_both_clocks(done: Done) -> None:
    offsets = [row.started_wall - row.started_at for row in done[1]]
    assert max(offsets) - min(offsets) < 0.05
    assert all(row.intended_at == row.started_at for row in done[1]), (
        "a closed load intends no other"
    )


def test_ready_is_the_sum_of_its_parts(done: Done) -> None:
    """A flow takes at least its submit and its waits together, and little more."""
    spent: dict[str, float] = {}
    for row in done[1]:
        if row.submission_id and row.name not in {READY, "/submissions/[id]/result"}:
            spent[row.submission_id] = spent.get(row.submission_id, 0.0) + row.latency_ms
    for row in (row for row in done[1] if row.name == READY):
        assert row.latency_ms >= spent[row.submission_id] - 0.1
        assert row.latency_ms - spent[row.submission_id] < 30


def test_it_watches_itself(done: Done) -> None:
    for event in done[0]:
        if event.kind == "window-end":
            assert 0 < event.fields["cpu_share"] < 0.8
            assert 0 <= event.fields["lag_p99_ms"] <= event.fields["lag_max_ms"]


def test_refusals_and_failures_are_not_taken_for_success(tmp_path: Path) -> None:
    faults = Faults(refuse_every=5, fail_every=7)
    with Server(FakeApplication(work_ms=5, faults=faults)) as server:
        events, rows = drive(server, tmp_path)
    drained = events[-1].fields
    states = [it["state"] for it in server.application.submissions.values()]
    assert drained["accepted"] == len(states)
    assert drained["succeeded"] == states.count("succeeded")
    assert len(drained["unfinished"]) == states.count("failed") > 0
    refused = [row for row in rows if row.status == 503]
    assert refused
    assert all(row.error and not row.submission_id for row in refused)


def test_a_target_that_goes_away_is_told_apart_from_a_refusal(tmp_path: Path) -> None:
    with (
        Server(FakeApplication(work_ms=5)) as server,
        generator(server.base_url, tmp_path, Schedule((2,), 0.2, 1.0)) as running,
    ):
        for event in running.events():
            if event.kind == "window-start":
                server.stop_answering()
            if event.kind == "drained":
                assert event.fields["answers_lost"] > 0


def test_no_target_is_said_and_not_waited_for(tmp_path: Path) -> None:
    with (
        generator("http://127.0.0.1:9", tmp_path) as running,
        pytest.raises(GeneratorError, match="ended early"),
    ):
        list(running.events())


def test_it_ends_with_whoever_started_it(tmp_path: Path) -> None:
    command = [
        *(sys.executable, "-m", "benchmarks.workload", "--host", "http://127.0.0.1:9"),
        *("--rows", str(tmp_path / "rows.csv"), "--levels", "1", "--end-with-stdin"),
        *("--warm-up-seconds", "0", "--window-seconds", "60"),
    ]
    with Server(FakeApplication(work_ms=5)) as server:
        command[4] = server.base_url
        process = subprocess.Popen(
            command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert process.stdin is not None
        assert process.stdout is not None
        assert b"prepared" in process.stdout.readline()
        began = time.monotonic()
        process.stdin.close()
        process.wait(timeout=5)
        assert time.monotonic() - began < 2
        process.stdout.close()
