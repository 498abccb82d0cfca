"""The receiver keeps the spans that are exported to it, within its limits."""

import gzip
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from benchmarks.tracing import receiver as receiver_module
from benchmarks.tracing.client import Trace
from benchmarks.tracing.errors import IncompleteTraceError
from benchmarks.tracing.receiver import BYTES_MAX, PATH, Receiver
from benchmarks.tracing.spans import Span, spans_of
from benchmarks.tracing.take import whole_trace


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as found:
        yield found


def exported(count: int = 1, *, parent: bytes = b"") -> bytes:
    request = ExportTraceServiceRequest()
    of_resource = request.resource_spans.add()
    name = of_resource.resource.attributes.add(key="service.name")
    name.value.string_value = "monolith-web"
    spans = of_resource.scope_spans.add().spans
    for number in range(count):
        spans.add(
            trace_id=b"\x01" * 16,
            span_id=number.to_bytes(8, "big"),
            parent_span_id=parent,
            name="INSERT",
            start_time_unix_nano=1_000,
            end_time_unix_nano=3_000,
        )
    body: bytes = request.SerializeToString()
    return body


def post(receiver: Receiver, body: bytes, path: str = PATH, **headers: str) -> int:
    url = f"{receiver.endpoint}{path}"
    return httpx.post(url, content=body, headers=headers, trust_env=False).status_code


def test_it_keeps_what_it_gets(receiver: Receiver) -> None:
    assert post(receiver, exported()) == 200
    assert post(receiver, gzip.compress(exported()), **{"Content-Encoding": "gzip"}) == 200
    wanted = Span("01" * 16, "00" * 8, "", "monolith-web", "INSERT", 1_000, 3_000)
    assert receiver.spans() == [wanted, wanted]


@pytest.mark.parametrize(
    ("body", "path", "headers", "status"),
    [
        (b"\xff\xff", PATH, {}, 400),
        (b"no gzip", PATH, {"Content-Encoding": "gzip"}, 400),
        (gzip.compress(exported())[:-4], PATH, {"Content-Encoding": "gzip"}, 400),
        (gzip.compress(bytes(BYTES_MAX + 1)), PATH, {"Content-Encoding": "gzip"}, 400),
        (bytes(BYTES_MAX + 1), PATH, {}, 413),
        (exported(), "/v1/metrics", {}, 404),
    ],
    ids=["no protobuf", "no gzip", "truncated", "bomb", "too large", "another path"],
)
def test_it_refuses_anything_else(
    receiver: Receiver, body: bytes, path: str, headers: dict[str, str], status: int
) -> None:
    try:
        assert post(receiver, body, path, **headers) == status
    except httpx.WriteError:  # refused before the whole body was sent
        assert status == 413
    assert receiver.spans() == []
    assert post(receiver, exported()) == 200


def test_it_keeps_a_limited_number(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiver_module, "SPANS_MAX", 3)
    assert [post(receiver, exported(2)) for _ in range(2)] == [200, 507]
    assert len(receiver.spans()) == 2


def test_it_waits_until_nothing_comes(receiver: Receiver) -> None:
    threading.Timer(0.3, receiver.keep, (spans_of(exported()),)).start()
    began = time.monotonic()
    receiver.wait_quiet(0.5, most_seconds=10)
    assert len(receiver.spans()) == 1
    assert time.monotonic() - began >= 0.8
    receiver.wait_quiet(10, most_seconds=0.1)


def test_a_trace_with_a_missing_span_is_refused(receiver: Receiver) -> None:
    assert post(receiver, exported(parent=b"\x09" * 8)) == 200
    with pytest.raises(IncompleteTraceError, match="before INSERT are missing"):
        whole_trace(Trace("01" * 16), receiver)
