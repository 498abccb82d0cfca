"""Readings in which a leak shows: memory, threads, files, connections and keys."""

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
    """One process with its descendants. `memory_bytes` is the proportional set size."""

    process: str
    role: str
    memory_bytes: int
    threads: int
    files: int


@dataclass(frozen=True)
class Reading:
    """The target `seconds` after the load began.

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
    """Return a reading of the target. Raises the clients' errors: no service is away."""
    table = process_table()
    memory = {sample.process: sample for sample in target.sample()}
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
    """Return the number of entries of a folder in /proc; 0 if the process has ended."""
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
    keys = sum(int(database["keys"]) for database in keyspace.values())
    return keys, int(clients["connected_clients"])
