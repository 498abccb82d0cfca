"""The Locust file of arrivals, run by a stock Locust, in one process and in several."""

import subprocess
import time
from pathlib import Path

import pytest

from benchmarks.tests.fake_target import FakeApplication, Server
from benchmarks.tests.workload.locust_process import REPOSITORY, locust, own_ports, statistics

pytestmark = pytest.mark.slow

LATENCY = str(REPOSITORY / "benchmarks" / "workload" / "latency.py")
FLOW, SHED, SUBMIT = "FLOW submit to ready", "FLOW arrival shed", "POST /submissions (upload)"


def run(server: Server, folder: Path, options: str) -> subprocess.CompletedProcess[str]:
    return locust(
        "-f",
        LATENCY,
        "--host",
        server.base_url,
        "--headless",
        "--json-file",
        "locust",
        *options.split(),
        cwd=folder,
    )


def test_arrivals_come_at_the_rate_and_the_run_ends_by_itself(tmp_path: Path) -> None:
    with Server(FakeApplication(work_ms=5)) as server:
        began = time.monotonic()
        done = run(server, tmp_path, "--rate 30 --arrival-seconds 3 -u 40 -r 100")
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - began < 15
    found = statistics(tmp_path)
    flows = found[FLOW]["num_requests"]
    assert flows == pytest.approx(90, abs=4 * 90**0.5)
    assert flows == len(server.application.results), "no flow was cut off"
    assert found["POST /accounts"]["num_requests"] == len(server.application.passwords) == 16


def test_arrivals_begin_when_all_slots_are_there(tmp_path: Path) -> None:
    with Server(FakeApplication(work_ms=5, sign_up_ms=2500)) as server:
        done = run(server, tmp_path, "--rate 30 --arrival-seconds 1 -u 1 -r 100")
    assert done.returncode == 0, done.stderr
    found = statistics(tmp_path)
    assert SHED not in found
    assert found[FLOW]["max_response_time"] < 500, "no arrival waited for a sign-up"


def test_latency_counts_from_the_intended_start_and_who_can_t_wait_is_shed(tmp_path: Path) -> None:
    """Two slots at 100 ms a flow do 20 of the 60 a second: 16 wait, the others are shed."""
    with Server(FakeApplication(work_ms=50)) as server:
        done = run(server, tmp_path, "--rate 60 --arrival-seconds 2 -u 2 -r 100")
    assert done.returncode == 1, "Locust's status for failures"
    found = statistics(tmp_path)
    assert found[SHED]["num_failures"] == found[SHED]["num_requests"] > 20
    assert found[FLOW]["num_failures"] == 0
    assert found[FLOW]["num_requests"] == len(server.application.results)
    came = found[FLOW]["num_requests"] + found[SHED]["num_requests"]
    assert came == pytest.approx(120, abs=4 * 120**0.5)
    assert found[SUBMIT]["max_response_time"] < 300, "as Locust sees it, all is well"
    assert found[FLOW]["max_response_time"] > 500, "and a person would have waited for a slot"


def test_the_rate_is_that_of_all_workers_together(tmp_path: Path) -> None:
    with Server(FakeApplication(work_ms=5)) as server:
        options = "--rate 30 --arrival-seconds 3 -u 20 -r 100 --processes 2 "
        done = run(server, tmp_path, options + " ".join(own_ports()))
    assert done.returncode == 0, done.stderr
    found = statistics(tmp_path)
    flows = found[FLOW]["num_requests"]
    assert flows == pytest.approx(90, abs=4 * 90**0.5)
    assert flows == len(server.application.results), "both workers' flows, to the last"
    assert found["POST /accounts"]["num_requests"] == len(server.application.passwords) == 20


def test_a_run_that_is_stopped_early_ends_its_flows(tmp_path: Path) -> None:
    with Server(FakeApplication(work_ms=5)) as server:
        options = "--rate 30 --arrival-seconds 60 -u 20 -r 100 --run-time 4s --stop-timeout 10"
        done = run(server, tmp_path, options)
    assert done.returncode == 0, done.stderr
    flows = statistics(tmp_path)[FLOW]["num_requests"]
    assert 10 < flows == len(server.application.results)


@pytest.mark.parametrize("option", ["--rate", "--arrival-seconds"])
def test_no_rate_is_refused_in_a_sentence(tmp_path: Path, option: str) -> None:
    done = locust(
        "-f", LATENCY, "--host", "http://127.0.0.1:9", "--headless", option, "0", cwd=tmp_path
    )
    assert done.returncode == 1
    assert f"{option}: must be a number above 0, not 0." in done.stderr


def test_slots_are_there_for_other_locust_files(tmp_path: Path) -> None:
    """Another Locust file, with its own class and its own requests beside the flow."""
    own = tmp_path / "own.py"
    own.write_text(
        f"import sys\nsys.path.insert(0, {str(REPOSITORY)!r})\n"
        "from locust import events\n"
        "from benchmarks.workload import arguments\n"
        "from benchmarks.workload.locust_arrivals import LocustArrivals\n"
        "from benchmarks.workload.slots import ArrivalUser\n"
        "class Mine(ArrivalUser):\n    pass\n"
        "@events.init_command_line_parser.add_listener\n"
        "def add(parser):\n    arguments.add(parser, arguments.ARRIVAL_ARGUMENTS, 'Mine')\n"
        "@events.init.add_listener\n"
        "def share(environment, runner, **_):\n    LocustArrivals(environment, runner, Mine)\n"
    )
    with Server(FakeApplication(work_ms=5)) as server:
        done = locust(
            "-f",
            str(own),
            "--host",
            server.base_url,
            "--headless",
            "--json-file",
            "locust",
            "--rate",
            "20",
            "--arrival-seconds",
            "1",
            "-u",
            "5",
            "-r",
            "100",
            cwd=tmp_path,
        )
    assert done.returncode == 0, done.stderr
    assert set(statistics(tmp_path)) >= {FLOW, SUBMIT}
