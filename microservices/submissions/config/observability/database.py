"""Spans of database statements, by the hook that Django has for them.

The instrumentation of psycopg isn't used: it would also make traces of the statements that no
request or task causes, such as those of the sweeper, once a second.
"""

import re
from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from opentelemetry.trace import SpanKind

from config.observability.tracing import is_traced, trace_function, tracer

_VERB = re.compile(r"\s*(\w+)")
_TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE)\s+"?(\w+)')


def trace_statements() -> None:
    """Make spans of statements, of commits, and of waiting for a connection."""
    connection_created.connect(_add_wrapper)
    trace_function(BaseDatabaseWrapper, "connect", "connect")
    trace_function(BaseDatabaseWrapper, "commit", "COMMIT")


def statement_name(sql: str) -> str:
    """Return the verb of a statement and its first table."""
    verb, table = _VERB.match(sql), _TABLE.search(sql)
    return " ".join(found[1] for found in (verb, table) if found)


def _add_wrapper(connection: BaseDatabaseWrapper, **_: object) -> None:
    if _execute not in connection.execute_wrappers:  # kept when a thread connects again
        connection.execute_wrappers.append(_execute)


def _execute(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Execute a statement in a span, which has its text and none of its values."""
    if not is_traced():
        return execute(sql, params, many, context)
    text = str(sql)
    attributes = {"db.system.name": "postgresql", "db.query.text": text}
    with tracer.start_as_current_span(
        statement_name(text), kind=SpanKind.CLIENT, attributes=attributes
    ):
        return execute(sql, params, many, context)
