"""Another API for the harness: a queue of jobs, as `toy_queue.py` serves it.

    make compare TARGET_A=… TARGET_B=… API=benchmarks/examples/job_queue.py:JobQueue

A job is accepted with 201 and a number, runs for a while, and leaves an output. There are no
accounts; one key authorizes all requests.
"""

from http import HTTPStatus
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from benchmarks.workload.api import FAILED, SUCCEEDED, Calls

READY_TIMEOUT_SECONDS = 5.0
JOB = {"kind": "sum", "numbers": [2, 3, 5, 7]}
STATES = {"done": SUCCEEDED, "broken": FAILED}  # all others are on the way
KEY = {"X-Queue-Key": "toy"}
_DIRECT = build_opener(ProxyHandler({}))  # a proxy is no part of what is measured


class JobQueue:
    """What the harness needs to know of the queue; see `benchmarks.workload.api.Api`."""

    poll_seconds = 0.02

    # Readiness

    def is_ready(self, base_url: str) -> bool:
        """Return whether the queue takes jobs."""
        try:
            with _DIRECT.open(f"{base_url}/health", timeout=READY_TIMEOUT_SECONDS) as response:
                return bool(response.status == HTTPStatus.OK)
        except (URLError, OSError):
            return False

    # Tasks

    def submit(self, calls: Calls) -> str:
        """Submit a job; return its number."""
        return calls.submit(
            "/jobs", json=JOB, status=201, headers=KEY, identify=lambda job: job["number"]
        )

    def state(self, calls: Calls, key: str) -> str:
        """Return how far a job is."""
        state = str(calls.state(f"/jobs/{key}", headers=KEY)["state"])
        return STATES.get(state, state)

    def read_result(self, calls: Calls, key: str) -> None:
        """Read a job's output."""
        calls.result(f"/jobs/{key}/output", headers=KEY)

    # Counters

    def count(self, calls: Calls) -> int:
        """Return how many jobs the queue holds, whatever their state."""
        return int(calls.count("/statistics", headers=KEY)["jobs"])
