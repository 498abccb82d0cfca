"""One submission is one trace over all processes of an architecture, and counts in its metrics."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from backing import Process
from backing.ports import free_port
from benchmarks.experiments.runner.deployment import IMAGE
from benchmarks.targets import ARCHITECTURES
from benchmarks.targets.local.observation import METRICS_PORT
from benchmarks.tracing.client import Client, Trace
from benchmarks.tracing.receiver import Receiver
from benchmarks.tracing.spans import Span
from benchmarks.tracing.take import observed, wait_for_spans, whole_trace

pytestmark = pytest.mark.slow
AT_ONCE = 4
# The processes that a submission passes through, and the messages that are handled.
PROCESSES = {
    "monolith": {"client", "monolith-web", "monolith-worker"},
    "microservices": {
        "client",
        "submissions-web",
        "recognition-worker",
        "submissions-consumer",
    },
}
MESSAGES = {
    "monolith": ["submissions.recognize"],
    "microservices": ["recognition.completed", "recognition.requested", "recognition.started"],
}
# Functions that are spans, on both sides.
STEPS = {
    "S3 put upload",
    "S3 get upload",
    "inspect image",
    "normalize image",
    "recognize",
    "S3 put image",
    "S3 put result",
    "publish notice",
    "S3 delete upload",
    "S3 get result",
}
ACCOUNT = {
    "monolith": {"client", "monolith-web"},
    "microservices": {"client", "accounts-web", "submissions-web"},
}


@pytest.fixture(scope="module", params=sorted(ARCHITECTURES))
def architecture(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver() as found:
        yield found


@dataclass(frozen=True, slots=True)
class Observed:
    """Traces of submissions that were made at once and of the read of an account; metrics."""

    submissions: list[Trace]
    account: Trace
    metrics: dict[str, dict[str, float]]  # by process type and sample


@pytest.fixture(scope="module")
def found(
    architecture: str, receiver: Receiver, tmp_path_factory: pytest.TempPathFactory
) -> Observed:
    run_dir: Path = tmp_path_factory.mktemp(architecture)
    with observed(architecture, receiver, run_dir=run_dir, edge_port=free_port(), image=IMAGE) as (
        target,
        client,
    ):
        with ThreadPoolExecutor(AT_ONCE) as pool:
            submissions = list(pool.map(Client.submit, [client] * AT_ONCE))
        account = client.account()
        wait_for_spans(receiver)
        metrics = {
            it.name.rpartition("-")[0]: scraped(it)
            for it in target.processes
            if METRICS_PORT in it.spec.environment
        }
    return Observed(submissions, account, metrics)


def scraped(process: Process) -> dict[str, float]:
    """Return the samples that a process serves, by name with labels."""
    url = f"http://127.0.0.1:{process.spec.environment[METRICS_PORT]}/metrics"
    text = httpx.get(url, trust_env=False).raise_for_status().text
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, _, value in (it.rpartition(" ") for it in lines)}


def messages(spans: list[Span], verb: str) -> list[str]:
    """Return the names of the messages that were published or handled in a trace."""
    return sorted(it.name.partition(" ")[2] for it in spans if it.name.startswith(f"{verb} "))


def test_a_submission_is_one_trace_over_all_processes(
    architecture: str, receiver: Receiver, found: Observed
) -> None:
    """Also where the process works at several requests at once."""
    for trace in found.submissions:
        spans = whole_trace(trace, receiver)
        assert {it.process for it in spans} == PROCESSES[architecture]
        assert messages(spans, "handle") == MESSAGES[architecture]
        assert messages(spans, "publish") == sorted([*MESSAGES[architecture], "notice"])
        names = [it.name for it in spans]
        assert [names.count(it) for it in STEPS] == [1] * len(STEPS)
        assert names.count("POST /api/v1/submissions") == 1


def test_a_call_of_another_service_continues_the_trace(
    architecture: str, receiver: Receiver, found: Observed
) -> None:
    spans = whole_trace(found.account, receiver)
    assert {it.process for it in spans} == ACCOUNT[architecture]


def test_what_a_process_does_by_itself_is_no_trace(receiver: Receiver, found: Observed) -> None:
    """Such as the sweeper's queries, once a second."""
    assert found.submissions
    assert not [it for it in receiver.spans() if it.process.endswith("-sweeper")]


ALL = AT_ONCE + 1  # with the one before the tests
POSTS = 'http_requests_total{method="POST",route="/api/v1/submissions",status="202"}'
REQUESTED = {"monolith": "submissions.recognize", "microservices": "recognition.requested"}
WRITER = {"monolith": "monolith-worker", "microservices": "submissions-consumer"}
WORKER = {"monolith": "monolith-worker", "microservices": "recognition-worker"}
API = {"monolith": "monolith", "microservices": "submissions"}


def test_a_submission_counts_in_the_metrics_of_each_process(
    architecture: str, found: Observed
) -> None:
    web = found.metrics[f"{API[architecture]}-web"]
    assert web[POSTS] == ALL
    seconds = 'http_request_seconds_count{method="POST",route="/api/v1/submissions"}'
    assert web[seconds] == ALL
    assert web["http_requests_in_progress"] == 0
    message = REQUESTED[architecture]
    assert web[f'messages_published_total{{message="{message}"}}'] == ALL
    assert 1 <= web["database_pool_connections"] <= 8
    worker = found.metrics[WORKER[architecture]]
    assert worker[f'message_seconds_count{{message="{message}",state="SUCCESS"}}'] == ALL
    assert worker[f'message_wait_seconds_count{{message="{message}"}}'] == ALL
    assert found.metrics[WRITER[architecture]]['attempts_total{outcome="completed"}'] == ALL


def test_the_sweeper_measures_what_is_left_to_do(architecture: str, found: Observed) -> None:
    sweeper = found.metrics[f"{API[architecture]}-sweeper"]
    names = ("outbox_messages", "queue_age_seconds", "queue_messages")
    assert {name: sweeper[name] for name in names} == dict.fromkeys(names, 0)


def test_every_process_serves_metrics(architecture: str, found: Observed) -> None:
    others = {"monolith": {"monolith-web"}, "microservices": {"accounts-web", "submissions-web"}}
    wanted = {WORKER[architecture], WRITER[architecture], f"{API[architecture]}-sweeper"}
    assert set(found.metrics) == wanted | others[architecture]
