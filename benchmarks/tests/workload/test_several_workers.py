"""A real master with four real workers: one schedule, one sum, and a worker that dies is found."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from benchmarks.tests.fake_target import FakeApplication, Server
from benchmarks.tests.workload.locust_process import REPOSITORY, locust, own_ports, statistics
from benchmarks.tests.workload.several_workers import WORKERS, distributed, run_report
from benchmarks.workload.arrivals import Share, scheduled_times

pytestmark = pytest.mark.slow

LOCUSTFILE = str(REPOSITORY / "benchmarks" / "locustfile.py")
LATENCY = str(REPOSITORY / "benchmarks" / "workload" / "latency.py")
FLOW, SHED, SUBMIT = "FLOW submit to ready", "FLOW arrival shed", "POST /submissions (upload)"
RATE, SECONDS, SEED = 30.0, 4.0, 7
ARRIVALS = ("--rate", str(RATE), "--arrival-seconds", str(SECONDS), "--arrival-seed", str(SEED))
SLOTS = ("-u", "40", "-r", "100")
# Writes the intended start of each arrival, by the clock that the processes of a machine share.
RECORDER = """
import os
import sys

sys.path.insert(0, {repository!r})

from locust import events

from benchmarks.workload.latency import Slot  # its arrivals, unchanged


@events.request.add_listener
def record(name, context, **_):
    if name in ("submit to ready", "arrival shed"):
        at = context.get("intended_at", context["started_at"])
        with open("arrivals-%d.txt" % os.getpid(), "a") as file:
            file.write("%.6f\\n" % at)
"""


def scheduled() -> list[float]:
    return list(scheduled_times(RATE, SECONDS, SEED))


def test_the_counts_of_four_workers_add_up_to_the_target_s_own(tmp_path: Path) -> None:
    with (
        Server(FakeApplication(work_ms=5)) as server,
        distributed(LATENCY, server, tmp_path, *ARRIVALS, *SLOTS) as load,
    ):
        done = load.finish()
    found, report = statistics(tmp_path), run_report(tmp_path)
    offered = len(scheduled())
    assert done.returncode == 0, done.stderr
    assert report["problems"] == []
    assert report["scheduled"] == report["arrivals"]["offered"] == offered
    assert report["arrivals"]["started"] >= 0.98 * offered
    assert SHED not in found
    # Every arrival, in each of the places that count: schedule, statistics, the target's books
    for counted in (
        found[FLOW]["num_requests"],
        found[SUBMIT]["num_requests"],
        server.application.calls["POST /api/v1/submissions"],
        len(server.application.results),
    ):
        assert counted == offered
    assert [it["users"] for it in report["processes"]] == [10] * WORKERS
    assert {it["arrivals"]["offered"] for it in report["processes"]} <= {
        offered // WORKERS,
        offered // WORKERS + 1,
    }
    assert f"Arrivals: {offered} offered" in done.stderr


def recorded(folder: Path) -> list[list[float]]:
    """Return the intended starts of each process, rising."""
    files = sorted(folder.glob("arrivals-*.txt"))
    return [sorted(map(float, file.read_text().split())) for file in files]


def shape(times: list[float]) -> list[float]:
    """Return times from the first one on: when the clock began plays no part."""
    return [at - times[0] for at in times]


def test_four_workers_keep_the_schedule_of_one_process(tmp_path: Path) -> None:
    file = tmp_path / "recorder.py"
    file.write_text(RECORDER.format(repository=str(REPOSITORY)))
    one, four = tmp_path / "one", tmp_path / "four"
    one.mkdir()
    four.mkdir()
    with Server(FakeApplication(work_ms=5)) as server:
        options = ("--headless", "--host", server.base_url, *ARRIVALS, *SLOTS)
        alone = locust("-f", str(file), *options, cwd=one)
    with (
        Server(FakeApplication(work_ms=5)) as server,
        distributed(str(file), server, four, *ARRIVALS, *SLOTS) as load,
    ):
        done = load.finish()
    assert (alone.returncode, done.returncode) == (0, 0), alone.stderr + done.stderr
    whole = scheduled()
    (single,) = recorded(one)
    assert shape(single) == pytest.approx(shape(whole), abs=1e-5)
    began = []
    shares = {number: list(Share(number, WORKERS).of(whole)) for number in range(WORKERS)}
    for times in recorded(four):
        (number,) = [
            number
            for number, share in shares.items()
            if len(share) == len(times) and shape(times) == pytest.approx(shape(share), abs=1e-5)
        ]
        began.append(times[0] - shares.pop(number)[0])
    assert shares == {}, "each share was generated once"
    assert max(began) - min(began) < 0.5, "they began together"


def wait_for_arrivals(server: Server) -> None:
    deadline = time.monotonic() + 40
    while server.application.calls.get("POST /api/v1/submissions", 0) < 30:
        assert time.monotonic() < deadline, "no arrivals came"
        time.sleep(0.02)


def test_a_run_ends_with_its_last_worker(tmp_path: Path) -> None:
    """As on Kubernetes, which ends all workers of a job when one has failed."""
    longest = 600
    with (
        Server(FakeApplication(work_ms=5)) as server,
        distributed(LATENCY, server, tmp_path, *ARRIVALS, *SLOTS, "-t", f"{longest}s") as load,
    ):
        wait_for_arrivals(server)
        killed = time.monotonic()
        for worker in load.workers:
            os.kill(worker.pid, signal.SIGKILL)
        done = load.finish()
    assert time.monotonic() - killed < longest / 10
    assert done.returncode == 1
    assert f"{WORKERS} of {WORKERS} workers went missing" in run_report(tmp_path)["problems"][0]


def test_a_worker_that_dies_is_reported_and_the_run_ends(tmp_path: Path) -> None:
    with (
        Server(FakeApplication(work_ms=5)) as server,
        distributed(LATENCY, server, tmp_path, *ARRIVALS, *SLOTS) as load,
    ):
        wait_for_arrivals(server)
        os.kill(load.workers[0].pid, signal.SIGKILL)
        done = load.finish()
    report = run_report(tmp_path)
    assert done.returncode == 1
    assert "went missing during the run" in done.stderr
    assert len(report["lost"]) == 1
    missing, too_few = report["problems"]
    assert missing.startswith(f"1 of {WORKERS} workers went missing: {report['lost'][0]}.")
    assert "of the arrivals offered were started, below 98%" in too_few
    assert report["scheduled"] == len(scheduled()), "what it would have offered still counts"
    kept = [it for it in report["processes"] if it["name"] not in report["lost"]]
    assert len(kept) == WORKERS - 1
    assert all(it["arrivals"]["started"] == it["arrivals"]["offered"] for it in kept)


def test_a_run_that_fails_to_start_leaves_no_report_of_an_earlier_one(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{}")
    waiting = ("--expect-workers", "1", "--expect-workers-max-wait", "1", *own_ports()[:2])
    done = locust(
        *("-f", LOCUSTFILE, "--master", "--headless", "--host", "http://127.0.0.1:9"),
        *("--report-file", "run.json", *waiting),
        cwd=tmp_path,
    )
    assert done.returncode == 1
    assert "Gave up waiting for workers" in done.stderr
    assert not (tmp_path / "run.json").exists()


def test_users_are_split_over_the_workers(tmp_path: Path) -> None:
    with (
        Server(FakeApplication(work_ms=5)) as server,
        distributed(LOCUSTFILE, server, tmp_path, "-u", "21", "-r", "100", "-t", "5s") as load,
    ):
        done = load.finish()
    found, report = statistics(tmp_path), run_report(tmp_path)
    assert done.returncode == 0, done.stderr
    assert sorted(it["users"] for it in report["processes"]) == [5, 5, 5, 6]
    assert found["POST /accounts"]["num_requests"] == len(server.application.passwords) == 21
    assert report["arrivals"] is None
    assert report["lost"] == []
    assert "Generators: 4, with 21 " in done.stderr


def test_a_late_or_failed_generator_is_reported_in_the_log_and_the_status(tmp_path: Path) -> None:
    """Two slots of one process can't start the arrivals in time; that is the status, too."""
    with Server(FakeApplication(work_ms=400)) as server:
        done = locust(
            *("-f", LATENCY, "--headless", "--host", server.base_url, "--report-file", "run.json"),
            *("--rate", "10", "--arrival-seconds", "3", "-u", "1", "-r", "100"),
            cwd=tmp_path,
        )
    report = json.loads((tmp_path / "run.json").read_text())
    assert done.returncode == 1
    assert "of the arrivals offered were started, below 98%" in done.stderr
    assert report["arrivals"]["started"] < report["scheduled"]
    assert [it["name"] for it in report["processes"]] == ["local"]
