"""One submission is one trace over all processes of an architecture, with traces on."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from backing.ports import free_port
from benchmarks.experiments.runner.deployment import IMAGE
from benchmarks.targets import ARCHITECTURES
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


@pytest.fixture(scope="module")
def traces(
    architecture: str, receiver: Receiver, tmp_path_factory: pytest.TempPathFactory
) -> list[Trace]:
    """Submissions that were made at once, and then the read of an account."""
    run_dir: Path = tmp_path_factory.mktemp(architecture)
    with observed(
        architecture, receiver, run_dir=run_dir, edge_port=free_port(), image=IMAGE
    ) as client:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = list(pool.map(Client.submit, [client] * AT_ONCE))
        found.append(client.account())
        wait_for_spans(receiver)
    return found


def messages(spans: list[Span], verb: str) -> list[str]:
    """Return the names of the messages that were published or handled in a trace."""
    return sorted(it.name.partition(" ")[2] for it in spans if it.name.startswith(f"{verb} "))


def test_a_submission_is_one_trace_over_all_processes(
    architecture: str, receiver: Receiver, traces: list[Trace]
) -> None:
    """Also where the process works at several requests at once."""
    for trace in traces[:AT_ONCE]:
        spans = whole_trace(trace, receiver)
        assert {it.process for it in spans} == PROCESSES[architecture]
        assert messages(spans, "handle") == MESSAGES[architecture]
        assert messages(spans, "publish") == sorted([*MESSAGES[architecture], "notice"])
        names = [it.name for it in spans]
        assert [names.count(it) for it in STEPS] == [1] * len(STEPS)
        assert names.count("POST /api/v1/submissions") == 1


def test_a_call_of_another_service_continues_the_trace(
    architecture: str, receiver: Receiver, traces: list[Trace]
) -> None:
    spans = whole_trace(traces[-1], receiver)
    assert {it.process for it in spans} == ACCOUNT[architecture]


def test_what_a_process_does_by_itself_is_no_trace(receiver: Receiver, traces: list[Trace]) -> None:
    """Such as the sweeper's queries, once a second."""
    assert traces
    assert not [it for it in receiver.spans() if it.process.endswith("-sweeper")]
