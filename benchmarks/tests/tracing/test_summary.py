"""Of several traces the fastest is kept, as a tree; the page computes its stages from it."""

from benchmarks.report.findings.trace import context
from benchmarks.report.trace.roles import drawn
from benchmarks.results_model.trace import TraceDocument, TraceRun, TraceSide, TraceSpan
from benchmarks.tracing.spans import Span
from benchmarks.tracing.summary import side_of

MS = 1_000_000


def trace(duration_ms: int) -> list[Span]:
    begin = 5 * MS
    return [
        Span("t", "1", "", "client", "submission", begin, begin + duration_ms * MS),
        Span("t", "2", "1", "monolith-web", "POST", begin + MS, begin + 3 * MS),
        Span("t", "3", "2", "monolith-worker", "recognize", begin + 4 * MS, begin + 9 * MS),
    ]


def test_the_fastest_is_kept_with_the_times_of_all() -> None:
    side = side_of([trace(30), trace(10), trace(20)])
    assert side.all_ms == [10.0, 20.0, 30.0]
    assert [(it.name, it.depth, it.begin_ms, it.duration_ms) for it in side.spans] == [
        ("submission", 0, 0.0, 10.0),
        ("POST", 1, 1.0, 2.0),
        ("recognize", 2, 4.0, 5.0),
    ]


def span(name: str, begin_ms: float, duration_ms: float, process: str = "w-worker") -> TraceSpan:
    return TraceSpan(
        process=process, name=name, depth=0, begin_ms=begin_ms, duration_ms=duration_ms
    )


COMMON = [
    span("submission", 0, 100, "client"),
    span("POST submissions", 0, 20, "client"),
    span("connect", 1, 0.1, "m-web"),
    span("INSERT submissions_submission", 2, 1, "m-web"),
    span("COMMIT", 3, 1, "m-web"),
    span("recognize", 40, 30),
    span("S3 put result", 70, 1),
]
MONOLITH = [
    *COMMON,
    span("publish submissions.recognize", 5, 9, "m-web"),
    span("handle submissions.recognize", 12, 70),
]
SERVICES = [
    *COMMON,
    span("publish recognition.requested", 5, 1, "m-web"),
    span("handle recognition.requested", 8, 65),
    span("publish recognition.completed", 71, 1),
    span("handle recognition.completed", 75, 10, "s-consumer"),
]


def test_stages_and_counts_are_those_of_the_spans() -> None:
    document = TraceDocument(
        trace_version=1,
        run=TraceRun(id="x", started_at=""),
        environment={"cpu": {"cores": 2}, "load_average_before": [0.5, 0, 0]},
        sides={
            "monolith": TraceSide(all_ms=[100], spans=MONOLITH),
            "microservices": TraceSide(all_ms=[100], spans=SERVICES),
        },
    )
    found = context(document)
    assert found["stages"] == [
        ("the whole submission", "100.0", "100.0"),
        ("until the client has its 202", "20.0", "20.0"),
        ("the request waits in its queue", "7.0", "3.0"),
        ("the attempt, in the worker", "70.0", "65.0"),
        ("of it, recognition", "30.0", "30.0"),
        ("the outcome waits in its queue", "none", "4.0"),
        ("the outcome, in the consumer", "none", "10.0"),
    ]
    assert found["counts"] == [
        ("processes", 2, 3),
        ("messages", 1, 2),
        ("statements", 1, 1),
        ("commits of a transaction", 1, 1),
        ("calls of the object store", 1, 1),
    ]


def test_a_connection_is_drawn_only_where_it_takes_time() -> None:
    found = drawn([span("connect", 0, 0.9), span("connect", 1, 1.0), span("COMMIT", 2, 0.1)])
    assert [it.begin_ms for it in found] == [1, 2]
