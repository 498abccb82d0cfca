"""The Locust files, run by a stock Locust from any folder, as a Locust user runs them."""

from pathlib import Path

import pytest

from benchmarks.tests.fake_target import FakeApplication, Faults, Server
from benchmarks.tests.workload.locust_process import REPOSITORY, locust, statistics

pytestmark = pytest.mark.slow

LOCUSTFILE = str(REPOSITORY / "benchmarks" / "locustfile.py")
CAPACITY = str(REPOSITORY / "benchmarks" / "workload" / "capacity.py")
EVERY_ROW = {
    "POST /accounts",
    "POST /tokens",
    "POST /submissions (upload)",
    "POST /submissions (address)",
    "GET /submissions/[id]?wait",
    "GET /submissions/[id]/result",
    "GET /submissions",
    "GET /account",
    "GET /",
    "FLOW submit to ready",
}


def headless(server: Server, users: int, seconds: int, folder: Path) -> list[str]:
    return [
        "--headless",
        "--host",
        server.base_url,
        "--users",
        str(users),
        "--spawn-rate",
        "100",
        "--run-time",
        f"{seconds}s",
        "--stop-timeout",
        "20",
        "--json-file",
        str(folder / "locust"),
    ]


def test_people_use_the_whole_flow(tmp_path: Path) -> None:
    with Server(FakeApplication(work_ms=5)) as server:
        done = locust(
            "-f",
            LOCUSTFILE,
            "--image-url",
            "http://127.0.0.1:8079/load.jpg",
            *headless(server, 25, 5, tmp_path),
            cwd=tmp_path,
        )
    assert done.returncode == 0, done.stderr
    found = statistics(tmp_path)
    assert set(found) == EVERY_ROW
    assert all(row["num_failures"] == 0 for row in found.values())
    assert found["POST /accounts"]["num_requests"] == 25, "each user signs up once"
    flows = found["FLOW submit to ready"]["num_requests"]
    submitted = [found[f"POST /submissions ({kind})"] for kind in ("upload", "address")]
    assert flows == sum(row["num_requests"] for row in submitted)
    assert flows == len(server.application.results)


def test_without_an_image_url_nothing_is_submitted_by_url(tmp_path: Path) -> None:
    with Server(FakeApplication(work_ms=5)) as server:
        done = locust(
            "-f", LOCUSTFILE, "--tags", "submit", *headless(server, 10, 2, tmp_path), cwd=tmp_path
        )
    assert done.returncode == 0, done.stderr
    assert "POST /submissions (address)" not in statistics(tmp_path)


def test_refusals_and_failures_show_and_users_go_on(tmp_path: Path) -> None:
    faults = Faults(refuse_every=3, fail_every=2)
    with Server(FakeApplication(work_ms=5, faults=faults)) as server:
        done = locust(
            "-f", LOCUSTFILE, "--tags", "submit", *headless(server, 12, 5, tmp_path), cwd=tmp_path
        )
    found = statistics(tmp_path)
    submitted, flow = found["POST /submissions (upload)"], found["FLOW submit to ready"]
    states = [it["state"] for it in server.application.submissions.values()]
    assert done.returncode == 1, "Locust's status for failures"
    assert submitted["num_failures"] == submitted["num_requests"] // 3
    assert flow["num_requests"] == len(states), "what was refused never began"
    assert flow["num_failures"] == states.count("failed") > 0


def test_steps_rise_and_end_by_themselves(tmp_path: Path) -> None:
    with Server(FakeApplication(work_ms=150)) as server:
        done = locust(
            "-f",
            CAPACITY,
            "--headless",
            "--host",
            server.base_url,
            "--json-file",
            "locust",
            "--levels",
            "1,3",
            "--step-seconds",
            "1.5",
            "--stop-timeout",
            "5",
            cwd=tmp_path,
        )
    assert done.returncode == 0, done.stderr
    found = statistics(tmp_path)
    assert found["POST /accounts"]["num_requests"] == 3
    flow = found["FLOW submit to ready"]
    assert 150 <= flow["min_response_time"] < 300, "alone: the work and little more"
    assert flow["max_response_time"] > 300, "three users wait for one another"


def test_users_and_steps_are_there_for_other_locust_files(tmp_path: Path) -> None:
    """The classes are abstract, so that importing them adds no users to a run."""
    own = tmp_path / "own.py"
    own.write_text(
        f"import sys\nsys.path.insert(0, {str(REPOSITORY)!r})\n"
        "from benchmarks.workload.users import CapacityUser, MixedUser\n"
        "class Mine(CapacityUser):\n    pass\n"
    )
    with Server(FakeApplication(work_ms=5)) as server:
        done = locust("-f", str(own), *headless(server, 2, 2, tmp_path), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "GET /" not in statistics(tmp_path)
