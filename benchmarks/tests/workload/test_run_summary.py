"""The summary of a run: sums over the processes, sentences for what is wrong."""

import json
from dataclasses import replace

import pytest

from benchmarks.workload.run_summary import ArrivalReport, ProcessReport, RunSummary

SHARE = ArrivalReport(offered=60, started=60, shed=0, seconds=8.0, complete=True, began_at=1000.0)
WORKERS = tuple(
    ProcessReport(f"worker-{number}", 10, 1.0, 10.0, number, replace(SHARE, began_at=at))
    for number, at in enumerate([1000.0, 1000.003, 1000.002, 1000.001])
)
WHOLE = RunSummary(WORKERS, scheduled=240)


def with_last(summary: RunSummary, **values: object) -> RunSummary:
    """Return the summary with other arrivals of its last worker."""
    *others, last = summary.processes
    assert last.arrivals is not None
    changed = replace(last, arrivals=replace(last.arrivals, **values))  # type: ignore[arg-type]
    return replace(summary, processes=(*others, changed))


def test_counts_add_up_over_the_workers() -> None:
    assert WHOLE.problems() == []
    assert WHOLE.warnings() == []
    assert WHOLE.lines() == [
        (
            "Generators: 4, with 40 (10 + 10 + 10 + 10) users; CPU use up to 10% of one core,"
            " event loop up to 3 ms late."
        ),
        (
            "Arrivals: 240 offered (30.0/s), 240 (60 + 60 + 60 + 60) started (30.0/s, 100.00%),"
            " 0 shed; begun within 3 ms by their machines' clocks."
        ),
    ]


def test_a_closed_load_has_no_arrivals() -> None:
    summary = RunSummary((replace(WORKERS[0], arrivals=None),))
    assert summary.lines() == [
        "Generators: 1, with 10 users; CPU use up to 10% of one core, event loop up to 0 ms late."
    ]
    assert summary.problems() == []
    assert summary.to_json()["arrivals"] is None


@pytest.mark.parametrize(("started", "is_enough"), [(56, True), (55, False)])
def test_at_least_98_percent_of_the_arrivals_have_to_start(started: int, is_enough: bool) -> None:
    summary = with_last(WHOLE, started=started, shed=60 - started)
    assert (summary.problems() == []) is is_enough
    if not is_enough:
        (line,) = summary.problems()
        assert line.startswith("97.92% of the arrivals offered were started, below 98%")


def test_the_arrivals_of_a_lost_worker_were_offered_and_not_started() -> None:
    """The schedule counts, not what the worker could still report."""
    lost = with_last(replace(WHOLE, lost=("worker-3",)), offered=20, started=20, complete=False)
    assert lost.offered == 240
    missing, too_few = lost.problems()
    assert missing.startswith("1 of 4 workers went missing: worker-3.")
    assert too_few.startswith("83.33% of the arrivals offered were started")


def test_shares_that_don_t_add_up_to_the_schedule_are_found() -> None:
    (line,) = with_last(WHOLE, offered=61, started=61).problems()
    assert "add up to 241 arrivals, and the schedule has 240" in line


def test_a_run_that_was_stopped_offered_what_was_due_until_then() -> None:
    stopped = replace(with_last(WHOLE, offered=30, started=30, complete=False), scheduled=None)
    assert stopped.offered == 210
    assert stopped.problems() == []


def test_a_generator_without_spare_cpu_and_a_missing_report_are_warnings() -> None:
    busy = replace(WORKERS[1], cpu_seconds=8.5)
    summary = RunSummary((WORKERS[0], busy), late=1)
    assert summary.problems() == []
    used, late = summary.warnings()
    assert used.startswith("1 of 2 generators used over 80% of a core")
    assert late.startswith("The last report of 1 workers is missing")


def test_the_document_is_json_and_comes_from_what_workers_send() -> None:
    generator = {"users": 3, "cpu_seconds": 0.5, "seconds": 5.0, "lag_max_ms": 2.0}
    report = ProcessReport.of("one", generator, None)
    assert report == ProcessReport("one", 3, 0.5, 5.0, 2.0)
    document = json.loads(json.dumps(WHOLE.to_json()))
    assert document["processes"][0]["cpu_share"] == 0.1
    assert document["arrivals"]["offered"] == document["scheduled"] == 240
