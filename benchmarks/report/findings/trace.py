"""The page on a submission's trace: where its time goes, monolith beside services."""

from collections.abc import Mapping
from typing import Any

from benchmarks.report.findings.disturbance import is_disturbed
from benchmarks.report.formats import number
from benchmarks.report.trace.roles import SIDES
from benchmarks.results_model.trace import TraceDocument, TraceSide, TraceSpan

NAME = "trace"
CLIENT = "client"
REQUESTED = {"monolith": "submissions.recognize", "microservices": "recognition.requested"}
COMPLETED = "recognition.completed"
STATEMENTS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
NONE = "none"


def context(document: TraceDocument) -> dict[str, Any]:
    """Return what the template needs."""
    sides = {name: _Side(name, document.sides[name]) for name in SIDES}
    load = float(document.environment["load_average_before"][0])
    return {
        "document": document,
        "load": load,
        "is_disturbed": is_disturbed(document.environment),
        "submissions": {len(side.all_ms) for side in document.sides.values()}.pop(),
        "stages": [
            (title, *(_ms(side.stages()[title]) for side in sides.values()))
            for title in sides["monolith"].stages()
        ],
        "counts": [
            (title, *(side.counts()[title] for side in sides.values()))
            for title in sides["monolith"].counts()
        ],
        "spread": [
            (SIDES[name], number(side.all_ms[0], 0), number(side.all_ms[-1], 0))
            for name, side in document.sides.items()
        ],
    }


class _Side:
    """The spans of one side, by name."""

    def __init__(self, name: str, side: TraceSide) -> None:
        self._name, self._spans = name, side.spans

    def stages(self) -> Mapping[str, float | None]:
        """Return the milliseconds of each stage; None for one that the side doesn't have."""
        requested = REQUESTED[self._name]
        return {
            "the whole submission": self._span("submission").duration_ms,
            "until the client has its 202": self._span("POST submissions").duration_ms,
            "the request waits in its queue": self._waiting(requested),
            "the attempt, in the worker": self._span(f"handle {requested}").duration_ms,
            "of it, recognition": self._span("recognize").duration_ms,
            "the outcome waits in its queue": self._waiting(COMPLETED),
            "the outcome, in the consumer": self._duration(f"handle {COMPLETED}"),
        }

    def counts(self) -> Mapping[str, int]:
        """Return how many of some things the submission causes."""
        heads = [it.name.partition(" ")[0] for it in self._spans if it.process != CLIENT]
        return {
            "processes": len({it.process for it in self._spans} - {CLIENT}),
            "messages": heads.count("handle"),
            "statements": sum(head in STATEMENTS for head in heads),
            "commits of a transaction": heads.count("COMMIT"),
            "calls of the object store": heads.count("S3"),
        }

    def _waiting(self, message: str) -> float | None:
        """Return the time from a message's publication to its handling; 0 if they overlap."""
        if self._duration(f"publish {message}") is None:
            return None
        published, handled = self._span(f"publish {message}"), self._span(f"handle {message}")
        return max(0.0, handled.begin_ms - published.begin_ms)

    def _duration(self, name: str) -> float | None:
        return next((it.duration_ms for it in self._spans if it.name == name), None)

    def _span(self, name: str) -> TraceSpan:
        return next(it for it in self._spans if it.name == name)


def _ms(value: float | None) -> str:
    return NONE if value is None else number(value, 1)
