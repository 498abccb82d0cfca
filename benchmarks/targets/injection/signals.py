"""Faults of processes and stores: stopped and continued, killed and restarted, emptied."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.targets.local.target import Target
from benchmarks.targets.measure.inventory import store_client


@contextmanager
def stalled(target: Target, process: str) -> Iterator[None]:
    """Stop a process and all below it (SIGSTOP) for the length of the block.

    Nothing is refused and nothing closed: the kernel still accepts connections and acknowledges
    bytes for it. SIGCONT is sent however the block ends. If this program is killed, the
    supervisor's keeper kills the process.
    """
    try:
        target.kill(process, signal.SIGSTOP)
        yield
    finally:
        target.kill(process, signal.SIGCONT)


@contextmanager
def killed(target: Target, process: str) -> Iterator[None]:
    """Kill a process and all below it (SIGKILL); restart it at the end of the block."""
    target.kill(process, signal.SIGKILL)
    try:
        yield
    finally:
        target.restart(process)


def empty_bucket(target: Target, bucket: str) -> int:
    """Delete every object of the bucket that this setting names; return how many there were."""
    settings = target.store_environment()
    store, count = store_client(settings), 0
    for page in store.get_paginator("list_objects_v2").paginate(Bucket=settings[bucket]):
        for item in page.get("Contents", ()):
            store.delete_object(Bucket=settings[bucket], Key=item["Key"])
            count += 1
    return count
