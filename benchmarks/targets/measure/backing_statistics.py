"""The statistics of Valkey and PostgreSQL, each read over one persistent connection.

Each `read` returns None while the server is away, stopped or starting: it waits a second at most
(two for a new connection to PostgreSQL), and reconnects the next time.
"""

import contextlib
import re
import select
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import redis
from psycopg import sql
from psycopg.pq import ExecStatus
from redis.backoff import NoBackoff
from redis.retry import Retry

_TIMEOUT_SECONDS = 1.0
_CONNECT_SECONDS = 2  # the smallest value that libpq accepts

_DATABASES = """
SELECT sum(xact_commit + xact_rollback), sum(tup_returned),
       sum(tup_inserted + tup_updated + tup_deleted)
FROM pg_stat_database WHERE datname IN ({names})
"""
# A line of PostgreSQL's log that begins a statement; those that go on with its text begin with a
# tab. A statement whose parameters the server binds is logged when it is executed.
_STATEMENT = re.compile(rb"^\S[^\n]*? LOG:  (?:statement|execute [^\n:]*): ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Broker:
    """Counters of Valkey since its start, without those of this connection itself."""

    pushes: float
    bytes: float
    commands: float


class BrokerStatistics:
    """Reads Valkey's INFO over one connection."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(
            url,
            socket_timeout=_TIMEOUT_SECONDS,
            socket_connect_timeout=_TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )

    def read(self) -> Broker | None:
        """Return the counters; None if Valkey is away."""
        try:
            with self._client.pipeline(transaction=False) as pipeline:
                pipeline.info("stats", "commandstats")
                pipeline.client_info()
                everything, own = pipeline.execute()
        except (redis.RedisError, OSError):
            return None
        received, sent = "total_net_input_bytes", "total_net_output_bytes"
        # Redis 7 doesn't report what this connection added: some hundred bytes, and two commands.
        own_bytes = int(own.get("tot-net-in", 0)) + int(own.get("tot-net-out", 0))
        return Broker(
            pushes=float(everything.get("cmdstat_lpush", {}).get("calls", 0)),
            bytes=float(everything[received] + everything[sent] - own_bytes),
            commands=float(everything["total_commands_processed"] - int(own.get("tot-cmds", 0))),
        )

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


@dataclass(frozen=True, slots=True)
class Database:
    """Counters of PostgreSQL, summed over some databases."""

    transactions: float
    rows_read: float
    rows_written: float


class DatabaseStatistics:
    """Reads the counters of `databases` from another database, which isn't counted."""

    def __init__(self, url: str, databases: Sequence[str]) -> None:
        self._url = url
        names = sql.SQL(", ").join(sql.Literal(name) for name in databases)
        self._query = sql.SQL(_DATABASES).format(names=names).as_bytes(None)
        self._connection: psycopg.Connection[Any] | None = None

    def read(self) -> Database | None:
        """Return the counters; None if PostgreSQL is away."""
        try:
            if self._connection is None:
                self._connection = psycopg.connect(
                    self._url, autocommit=True, connect_timeout=_CONNECT_SECONDS
                )
            values = _query_row(self._connection.pgconn, self._query)
        except (psycopg.Error, OSError):
            self.close()
            return None
        return Database(*values)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _query_row(connection: psycopg.pq.abc.PGconn, query: bytes) -> list[float]:
    """Return one row of numbers; TimeoutError after a second.

    psycopg itself would wait for a stopped server without a limit.
    """
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    connection.send_query(query)
    connection.flush()
    response = select.poll()
    response.register(connection.socket, select.POLLIN)
    while connection.is_busy():
        left_seconds = deadline - time.monotonic()
        if not response.poll(max(0.0, left_seconds * 1000)):
            raise TimeoutError
        connection.consume_input()
    result = connection.get_result()
    if result is None or result.status != ExecStatus.TUPLES_OK:
        raise psycopg.OperationalError
    while connection.get_result() is not None:
        pass  # the end of the response
    return [float(result.get_value(0, column) or 0) for column in range(result.nfields)]


class StatementLog:
    """Counts the statements in PostgreSQL's log; each read continues where the last one ended."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._read_bytes = 0
        self._count = 0

    def read(self) -> float | None:
        """Return the number of statements so far; None if the log can't be read."""
        try:
            with self._log.open("rb") as log:
                log.seek(self._read_bytes)
                text = log.read()
        except OSError:
            return None
        whole = text[: text.rfind(b"\n") + 1]
        self._read_bytes += len(whole)
        self._count += len(_STATEMENT.findall(whole))
        return float(self._count)


def log_statements(url: str, databases: Sequence[str]) -> None:
    """Log every statement in these databases, from the next connection on.

    PostgreSQL counts statements in an extension that the wheel doesn't carry. A log line costs the
    server about 10 microseconds of CPU.
    """
    with contextlib.closing(psycopg.connect(url, autocommit=True)) as connection:
        for name in databases:
            for setting, value in (("log_statement", "all"), ("log_parameter_max_length", "0")):
                connection.execute(
                    sql.SQL("ALTER DATABASE {} SET {} = {}").format(
                        sql.Identifier(name), sql.Identifier(setting), sql.Literal(value)
                    )
                )
