"""The record: nothing is lost between threads, and a file gives the same history again."""

import threading
from pathlib import Path

import pytest

from benchmarks.oracle import Event, History


def test_events_of_many_threads_are_all_kept_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "history.jsonl"
    history = History(path, seed=7, facts={"architecture": "monolith"})

    def work(number: int) -> None:
        for count in range(50):
            history.record(
                Event("list", count, count + 1, account=str(number), listed={"a": "failed"})
            )

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    history.close()
    again = History.read(path)
    assert len(again.events) == 400
    assert again.events == history.events
    assert (again.seed, again.facts) == (7, {"architecture": "monolith"})


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.jsonl"
    path.write_text('{"something": "else"}\n')
    with pytest.raises(ValueError, match="is no history"):
        History.read(path)


def test_seconds_count_from_when_a_request_was_due() -> None:
    assert Event("read", 3.0, 4.0).seconds == 1.0
    assert Event("read", 3.0, 4.0, due=1.5).seconds == 2.5


def test_what_was_accepted_and_deleted() -> None:
    history = History()
    history.record(Event("submit", 0, 1, account="ann", submission_id="a", status=202))
    history.record(Event("submit", 0, 1, account="ann", status=503))
    history.record(Event("delete", 2, 3, account="ann", submission_id="a", status=204))
    history.record(Event("delete", 2, 3, account="ann", submission_id="b", status=503))
    assert history.accepted == {"a": "ann"}
    assert history.deleted == {"a"}
