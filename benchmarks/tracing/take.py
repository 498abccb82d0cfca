"""Deploy an architecture with traces on, and take those of some submissions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.targets import Target, deploy
from benchmarks.tracing.client import Client, Trace
from benchmarks.tracing.errors import IncompleteTraceError
from benchmarks.tracing.receiver import Receiver
from benchmarks.tracing.spans import Span

EXPORT_MS = 200  # between two exports of a process
QUIET_SECONDS = 2.0
ARRIVAL_SECONDS = 30.0  # at most, until all spans have come


@contextmanager
def observed(
    architecture: str, receiver: Receiver, *, run_dir: Path, edge_port: int, image: Path
) -> Iterator[tuple[Target, Client]]:
    """Deploy an architecture whose processes export to the receiver; yield it and a client.

    Raises what `deploy` raises, and CallError.
    """
    settings = {
        "OBSERVE": "1",
        "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.endpoint,
        "OTEL_BSP_SCHEDULE_DELAY": str(EXPORT_MS),
    }
    with (
        deploy(architecture, run_dir=run_dir, edge_port=edge_port, settings=settings) as target,
        Client(target.base_url, image) as client,
    ):
        client.sign_up()
        client.submit()  # the first one also fetches keys and loads the model
        yield target, client


def whole_trace(trace: Trace, receiver: Receiver) -> list[Span]:
    """Return all spans of a trace by their beginnings, the client's own among them.

    Raises IncompleteTraceError if the parent of a span is missing.
    """
    found = [*trace.spans, *(it for it in receiver.spans() if it.trace_id == trace.trace_id)]
    known = {it.span_id for it in found}
    orphans = sorted({it.name for it in found if it.parent_id and it.parent_id not in known})
    if orphans:
        raise IncompleteTraceError(f"The spans before {', '.join(orphans)} are missing.")
    return sorted(found, key=lambda span: (span.begin_ns, span.end_ns))


def wait_for_spans(receiver: Receiver) -> None:
    """Return when the processes have exported what they have."""
    receiver.wait_quiet(QUIET_SECONDS, most_seconds=ARRIVAL_SECONDS)
