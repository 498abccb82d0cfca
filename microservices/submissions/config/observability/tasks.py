"""Spans of published and handled Celery messages, with the W3C context in the messages' headers.

The instrumentation of Celery isn't used: it never ends the span of a message whose task this
process doesn't have, nor that of one that can't be published, and all that the thread does later
would belong to it (opentelemetry-instrumentation-celery 0.66).
"""

import functools
from collections.abc import Callable
from typing import Any

from celery import Celery
from celery.signals import task_postrun, task_prerun, worker_process_shutdown
from opentelemetry import context, propagate, trace
from opentelemetry.trace import Span, SpanKind, StatusCode

from config.observability.tracing import export_end, tracer

_HANDLED = {"SUCCESS", "IGNORED"}
_running: dict[str, tuple[Span, object]] = {}


def trace_tasks() -> None:
    """Make spans of what this process and its children publish and handle."""
    Celery.send_task = _traced(Celery.send_task)  # type: ignore[method-assign]
    task_prerun.connect(_begin)
    task_postrun.connect(_end)
    worker_process_shutdown.connect(_flush)


def _traced(send_task: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(send_task)
    def traced(
        app: Celery, name: str, *args: Any, headers: dict[str, Any] | None = None, **options: Any
    ) -> Any:
        sent = dict(headers or {})
        attributes = {"messaging.system": "celery", "messaging.destination.name": name}
        with tracer.start_as_current_span(
            f"publish {name}", kind=SpanKind.PRODUCER, attributes=attributes
        ):
            propagate.inject(sent)
            return send_task(app, name, *args, headers=sent, **options)

    return traced


def _begin(task_id: str, task: Any, **_: object) -> None:
    names = propagate.get_global_textmap().fields
    sent = {name: value for name in names if (value := getattr(task.request, name, None))}
    span = tracer.start_span(
        f"handle {task.name}",
        context=propagate.extract(sent),
        kind=SpanKind.CONSUMER,
        attributes={"messaging.system": "celery", "messaging.message.id": task_id},
    )
    _running[task_id] = span, context.attach(trace.set_span_in_context(span))


def _end(task_id: str, state: str | None = None, **_: object) -> None:
    span, token = _running.pop(task_id)
    if state not in _HANDLED:
        span.set_status(StatusCode.ERROR, state)
    span.end()
    context.detach(token)  # type: ignore[arg-type]


def _flush(**_: object) -> None:
    export_end()
