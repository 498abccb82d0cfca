"""Spans as OpenTelemetry's protocol has them (OTLP, protobuf), decoded."""

from dataclasses import dataclass

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue


@dataclass(frozen=True, slots=True)
class Span:
    """One span; ids are in hexadecimal, times in nanoseconds since 1970.

    `parent_id` is empty for the first span of a trace.
    """

    trace_id: str
    span_id: str
    parent_id: str
    process: str
    name: str
    begin_ns: int
    end_ns: int


def spans_of(body: bytes) -> list[Span]:
    """Return the spans of an export request. Raises ValueError for anything else."""
    try:
        request = ExportTraceServiceRequest.FromString(body)
    except DecodeError as error:
        raise ValueError(str(error)) from error
    return [
        Span(
            span.trace_id.hex(),
            span.span_id.hex(),
            span.parent_span_id.hex(),
            _service(of_resource.resource.attributes),
            span.name,
            span.start_time_unix_nano,
            span.end_time_unix_nano,
        )
        for of_resource in request.resource_spans
        for of_scope in of_resource.scope_spans
        for span in of_scope.spans
    ]


def _service(attributes: "list[KeyValue]") -> str:
    found = [it.value.string_value for it in attributes if it.key == "service.name"]
    return found[0] if found else "unknown"
