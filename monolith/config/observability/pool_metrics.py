"""Metrics of the pool of database connections that a web process's threads share."""

from collections.abc import Iterator

from django.db import connection
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

_STATISTICS = {
    "pool_size": ("database_pool_connections", "Connections of the pool"),
    "pool_available": ("database_pool_idle", "Connections that no thread uses"),
    "requests_waiting": ("database_pool_waiting", "Threads that wait for a connection"),
}


class PoolCollector(Collector):
    """The pool's own statistics, read at each request for metrics."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield them; nothing without a pool."""
        pool = getattr(connection, "pool", None)
        if pool is None:
            return
        found = pool.get_stats()
        for name, (metric, text) in _STATISTICS.items():
            yield GaugeMetricFamily(metric, text, value=found.get(name, 0))
