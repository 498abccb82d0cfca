"""A worker that is killed in the middle of its work."""

import time
import uuid

from benchmarks.oracle import History, RecordingClient, settled_violations
from benchmarks.rehearsal.contract import IMAGE_SERVER
from benchmarks.rehearsal.outcome import Outcome, load_figures, load_problems
from benchmarks.rehearsal.protocols import EngineTarget

# The conformance suite's image server, which takes so long for one image. An attempt waits for it.
SLOW_IMAGE = f"{IMAGE_SERVER}/slow?seconds={{seconds}}"
FINAL_SECONDS = 90.0  # what a killed worker had begun is final within that time
DRAIN_SECONDS = 900.0


def kill(target: EngineTarget, *, submissions: int) -> Outcome:
    """Kill the worker while it makes an attempt and others wait; all must be final in time."""
    process = target.architecture.worker
    history = History()
    client = RecordingClient(target.base_url, history)
    ids = submit_slow(client, submissions, seconds=4)
    client.wait_for_state(ids, "processing", timeout_seconds=30)
    target.kill(process)
    began = time.monotonic()
    client.drain(timeout_seconds=DRAIN_SECONDS)
    seconds = time.monotonic() - began
    problems = load_problems(history, settled_violations(target, history))
    if seconds > FINAL_SECONDS:
        problems = (*problems, f"final only {seconds:.0f} s after the kill")
    unsuccessful = [key for key in ids if client.state(key) != "succeeded"]
    problems += tuple(f"{key} didn't succeed" for key in unsuccessful)
    figures = {"all final after, s": seconds}
    return Outcome("kill", process, figures | load_figures(history), problems)


def submit_slow(client: RecordingClient, count: int, *, seconds: int) -> list[str]:
    """Submit images that take so many seconds to fetch; return the ids of those accepted."""
    url = SLOW_IMAGE.format(seconds=seconds)
    exchanges = [client.submit(uuid.uuid4().hex, image_url=url) for _ in range(count)]
    return [it.event.submission_id for it in exchanges if it.event.submission_id is not None]
