"""Read what a leak would show in: memory, threads, files, connections, keys and objects."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import redis

from backing.usage import members, process_table
from benchmarks.targets.local.target import Target


@dataclass(frozen=True)
class ProcessReading:
    """One process with everything below it. `memory_bytes` is its proportional set size."""

    process: str
    role: str
    memory_bytes: int
    threads: int
    files: int


@dataclass(frozen=True)
class Reading:
    """The target at one moment, `seconds` after the load began.

    - `database_connections`: connections of the units to PostgreSQL.
    - `broker_keys`: keys of Valkey in all its databases.
    - `broker_clients`: connections to Valkey.
    """

    seconds: float
    processes: tuple[ProcessReading, ...]
    database_connections: int
    broker_keys: int
    broker_clients: int


def read(target: Target, seconds: float) -> Reading:
    """Read the target. Raises the clients' errors: in a soak every backing service is there."""
    table = process_table()
    memory = {it.process: it for it in target.sample()}
    processes = tuple(
        ProcessReading(
            process=process.name,
            role=process.spec.role,
            memory_bytes=memory[process.name].pss_bytes,
            threads=sum(_count(entry.pid, "task") for entry in members(process.pid, table)),
            files=sum(_count(entry.pid, "fd") for entry in members(process.pid, table)),
        )
        for process in target.processes
        if process.spec.role != "companion"
    )
    keys, clients = _broker(target.broker_environment())
    return Reading(
        seconds=seconds,
        processes=processes,
        database_connections=_connections(target.store_environment()),
        broker_keys=keys,
        broker_clients=clients,
    )


def _count(pid: int, folder: str) -> int:
    """Count the entries of a folder in /proc; 0 where the process has just ended."""
    with contextlib.suppress(OSError):
        return sum(1 for _ in (Path("/proc") / str(pid) / folder).iterdir())
    return 0


def _connections(environment: Mapping[str, str]) -> int:
    statement = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with psycopg.connect(environment["DATABASE_URL"], connect_timeout=5) as connection:
        row = connection.execute(statement).fetchone()
    return 0 if row is None else int(row[0])


def _broker(environment: Mapping[str, str]) -> tuple[int, int]:
    with contextlib.closing(
        redis.Redis.from_url(environment["BROKER_URL"], socket_timeout=5)
    ) as client:
        keyspace: dict[str, Any] = client.info("keyspace")
        clients: dict[str, Any] = client.info("clients")
    return sum(int(it["keys"]) for it in keyspace.values()), int(clients["connected_clients"])
