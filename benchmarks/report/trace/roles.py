"""Which spans are drawn, and by what kind of process they are coloured."""

from collections.abc import Mapping, Sequence

from benchmarks.results_model.trace import TraceSpan

SIDES: Mapping[str, str] = {"monolith": "monolith", "microservices": "services"}
ROLES = ("client", "web", "worker", "consumer")
SHORT_MS = 1.0
# Taking a connection from the pool is drawn only where it takes time.
_IF_LONG = frozenset({"connect"})


def role_of(span: TraceSpan) -> str:
    """Return the kind of process, which is the last part of its type's name."""
    return span.process.rpartition("-")[2]


def drawn(spans: Sequence[TraceSpan]) -> list[TraceSpan]:
    """Return the spans that are drawn."""
    return [it for it in spans if it.name not in _IF_LONG or it.duration_ms >= SHORT_MS]
