"""The server of the process's metrics, on a port of their own."""

from collections.abc import Iterable

from prometheus_client import REGISTRY, CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from config.observability.metric_files import is_in_files


def serve(*, host: str, port: int, collectors: Iterable[Collector] = ()) -> None:
    """Serve the metrics of this process, and of children that it forks, in a thread.

    `collectors` compute theirs at each request. Raises OSError if the port is taken.
    """
    registry = REGISTRY
    if is_in_files():
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    for collector in collectors:
        registry.register(collector)
    start_http_server(port, addr=host, registry=registry)
