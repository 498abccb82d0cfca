"""What more replicas don't enlarge: documented limits, and how many parts of them a load needs."""

from collections.abc import Mapping

from benchmarks.cost import processes
from benchmarks.cost.inputs import Inputs
from benchmarks.cost.usage import CACHE, DATABASE, SWEEPER, kind
from benchmarks.planning.route import CONSUMER, WEB, WORKER

# RDS for PostgreSQL: max_connections is LEAST(DBInstanceClassMemory / 9531392, 5000).
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html
MOST_CONNECTIONS = 5000
# S3: at least 3 500 PUT, COPY, POST or DELETE requests a second for each partitioned prefix.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
PREFIX_WRITES = 3500
# An upload is stored and deleted below one prefix, `uploads/` (`submissions/storage.py`).
WRITES_TO_ONE_PREFIX = 2
# Valkey executes commands in one thread. https://valkey.io/topics/latency/
CACHE_THREADS = 1
# A web process shares a pool of DATABASE_POOL_SIZE (`config/asgi.py`); others have a connection.
POOL_SIZE = 8
CONNECTIONS: Mapping[str, Mapping[str, int]] = {
    "monolith": {WEB: POOL_SIZE, WORKER: 1, SWEEPER: 1},
    "microservices": {WEB: POOL_SIZE, CONSUMER: 1, SWEEPER: 1},
}
NO_DATABASE = frozenset({"accounts-web"})  # its accounts are in DynamoDB
CACHE_LIMIT, CONNECTION_LIMIT = "cache", "connections"
DATABASE_LIMIT, STORE_LIMIT = "database", "object-store"


def connections_of(architecture: str, process_type: str) -> int:
    """Return the connections to PostgreSQL that one process of a type may hold."""
    if process_type in NO_DATABASE:
        return 0
    return CONNECTIONS[architecture].get(kind(process_type), 0)


def limits(architecture: str, inputs: Inputs) -> dict[str, float]:
    """Return the submissions a second at which each limit is reached, by its name.

    Processors are used as far as the assumed utilisation, like those of the replicas.
    """
    used = inputs.assumptions.utilisation
    largest = max(machine.vcpus for machine in inputs.prices.databases)
    return {
        CACHE_LIMIT: CACHE_THREADS * used * 1000 / inputs.cpu_ms(CACHE),
        CONNECTION_LIMIT: MOST_CONNECTIONS / _connections_per_rate(architecture, inputs),
        DATABASE_LIMIT: largest * used * 1000 / inputs.cpu_ms(DATABASE),
        STORE_LIMIT: PREFIX_WRITES / WRITES_TO_ONE_PREFIX,
    }


def _connections_per_rate(architecture: str, inputs: Inputs) -> float:
    """Return the connections for each submission a second, without the fewest replicas."""
    found = 0.0
    for name in inputs.usage.types:
        if kind(name) != SWEEPER:
            each = processes.carried(inputs, name, vcpus=1.0, processes=1)
            each *= inputs.assumptions.utilisation
            found += connections_of(architecture, name) / each
    return found
