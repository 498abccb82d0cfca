"""The layers' shares of a process's CPU time, from stacks by thread and the threads' CPU time.

How often a thread is sampled isn't its CPU time, since one that waits for a core is
sampled as well. So each thread has the CPU time that the kernel counted, and its own samples only
distribute that over the layers.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from benchmarks.request_profile.layers import LAYERS, REST, SERVER, STORE, layer_of

_THREAD = re.compile(r"(?:^|;)thread \((\d+)\)(?:: [^;]*)?(?=;|$)")
_SERVER, _RUNTIME = "granian", "tokio"  # names of native threads, of which the store has some too


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread with its process and the name that the kernel has for it."""

    id: int
    process: int
    name: str


def samples_by_thread(lines: Iterable[str]) -> dict[int, Counter[str]]:
    """Return each thread's samples by layer, from lines of py-spy's raw format: stack, count.

    Samples of a thread that waits are left out.
    """
    found: dict[int, Counter[str]] = {}
    for line in lines:
        stack, _, count = line.strip().rpartition(" ")
        thread = _THREAD.search(stack)
        if thread is None or not count.isdecimal():
            continue
        frames = stack[thread.end() :]
        layer = layer_of(frames) if frames else None
        if layer is not None:
            found.setdefault(int(thread[1]), Counter())[layer] += int(count)
    return found


def shares(cpu_ms: Mapping[Thread, float], samples: Mapping[int, Counter[str]]) -> dict[str, float]:
    """Return the share of the threads' CPU time that each layer has; empty for no CPU time."""
    whole = sum(cpu_ms.values())
    if whole <= 0:
        return {}
    servers = _server_runtimes(cpu_ms)
    found = dict.fromkeys(LAYERS, 0.0)
    for thread, ms in cpu_ms.items():
        own = samples.get(thread.id) or {_native(thread, servers): 1}
        for layer, count in own.items():
            found[layer] += ms / whole * count / sum(own.values())
    return {layer: share for layer, share in found.items() if share > 0}


def _server_runtimes(threads: Iterable[Thread]) -> frozenset[int]:
    """Return the HTTP server's runtime thread of each process: it starts before the store's."""
    found: dict[int, int] = {}
    serving = {it.process for it in threads if it.name.startswith(_SERVER)}
    for thread in threads:
        if thread.name.startswith(_RUNTIME) and thread.process in serving:
            found[thread.process] = min(thread.id, found.get(thread.process, thread.id))
    return frozenset(found.values())


def _native(thread: Thread, servers: frozenset[int]) -> str:
    """Return the layer of a thread without samples, which never runs Python."""
    if thread.name.startswith(_SERVER) or thread.id in servers:
        return SERVER
    return STORE if thread.name.startswith(_RUNTIME) else REST
