"""The document of some traces: the fastest submission of an architecture, as a tree of spans."""

from collections.abc import Mapping, Sequence

from benchmarks.results_model.trace import TraceSide, TraceSpan
from benchmarks.tracing.client import ROOT
from benchmarks.tracing.spans import Span

NS_PER_MS = 1e6
DIGITS = 3  # microseconds


def side_of(traces: Sequence[Sequence[Span]]) -> TraceSide:
    """Return the fastest of the traces, and the times of all.

    Other work on the machine and on its disk lengthens some; the fastest has the least of it.
    """
    ordered = sorted(traces, key=lambda spans: _ms(_root(spans)))
    return TraceSide(
        all_ms=[_ms(_root(spans)) for spans in ordered],
        spans=_tree(ordered[0]),
    )


def _tree(spans: Sequence[Span]) -> list[TraceSpan]:
    root, known = _root(spans), {it.span_id: it for it in spans}
    return [
        TraceSpan(
            process=it.process,
            name=it.name,
            depth=_depth(it, known),
            begin_ms=round((it.begin_ns - root.begin_ns) / NS_PER_MS, DIGITS),
            duration_ms=_ms(it),
        )
        for it in spans
    ]


def _depth(span: Span, known: Mapping[str, Span]) -> int:
    depth = 0
    while span.parent_id:
        span, depth = known[span.parent_id], depth + 1
    return depth


def _root(spans: Sequence[Span]) -> Span:
    (root,) = [it for it in spans if it.name == ROOT and not it.parent_id]
    return root


def _ms(span: Span) -> float:
    return round((span.end_ns - span.begin_ns) / NS_PER_MS, DIGITS)
