"""The processes of a container engine itself: their CPU time, and the cores that they run on.

On one machine they take time from what they run, so they belong to what a platform costs. Found by
name, since an engine is started by the system.
"""

import os
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

from backing import usage
from benchmarks.targets.errors import EngineError
from benchmarks.targets.measure.process_samples import ProcessSample

NAME = "engine"
SHIM = "containerd-shim"
_ROUNDS = 5  # in which all threads are moved
# As /proc has them, with 15 characters at most
NAMES = frozenset(
    {
        "dockerd",
        "containerd",
        SHIM,
        "docker-proxy",
        "kubelet",
        "kube-apiserver",
        "kube-controller",
        "kube-scheduler",
        "kube-proxy",
        "etcd",
        "coredns",
        "dnsmasq",
    }
)


class EngineProcesses:
    """All processes of the container engine and of Kubernetes on this machine.

    Short-lived commands of theirs, such as runc, are in no figure: a shim's ended children are also
    those whose time is counted in a container.
    """

    def __init__(self) -> None:
        self._before: dict[int, set[int]] = {}  # the cores of each thread, where they were changed

    def sample(self) -> ProcessSample:
        """Return their CPU time since they were started, and their memory, as of one process."""
        shims, others = _pids({SHIM}), _pids(NAMES - {SHIM})
        found = shims + others
        used = usage.usage_of_all(found)
        # A shim waits for the commands of probes, which are in their container's control group
        cpu_ms = usage.usage_of_all(others).cpu_ms + usage.own_cpu_ms(shims)
        return ProcessSample(
            process=NAME,
            unit=NAME,
            role="backing",
            pid=min(found, default=0),
            cpu_ms=cpu_ms,
            rss_bytes=used.rss_bytes,
            pss_bytes=used.pss_bytes,
        )

    def narrow(self, cores: Iterable[int]) -> None:
        """Let them run on these cores alone, until `give_back`; what they start inherits that.

        EngineError where this user may not do so.
        """
        wanted = set(cores)
        # One that hasn't been moved yet may start another meanwhile, so they are looked at again.
        for _ in range(_ROUNDS):
            if not self._move_all(wanted):
                return

    def give_back(self) -> None:
        """Let them run where they did; what was started meanwhile, where the others did."""
        if not self._before:
            return
        usual = set().union(*self._before.values())
        for thread in _threads():
            with suppress(ProcessLookupError, PermissionError):
                os.sched_setaffinity(thread, self._before.get(thread, usual))
        self._before.clear()

    def _move_all(self, wanted: set[int]) -> bool:
        """Move each thread that runs on other cores; return whether there was one."""
        is_moved = False
        for thread in _threads():
            try:
                before = os.sched_getaffinity(thread)
                if before == wanted:
                    continue
                os.sched_setaffinity(thread, wanted)
            except ProcessLookupError:
                continue  # it has ended meanwhile
            except OSError as error:
                message = (
                    f"The cores of the container engine can't be set ({error.strerror}): run this"
                    " as root, on the machine that runs the engine."
                )
                raise EngineError(message) from error
            self._before.setdefault(thread, before)
            is_moved = True
        return is_moved


def _pids(names: Collection[str]) -> list[int]:
    found = []
    for folder in os.scandir("/proc"):
        if folder.name.isdecimal():
            with suppress(OSError):
                if Path(folder.path, "comm").read_text().strip() in names:
                    found.append(int(folder.name))
    return found


def _threads() -> list[int]:
    found = []
    for pid in _pids(NAMES):
        with suppress(OSError):
            found += [int(thread.name) for thread in Path(f"/proc/{pid}/task").iterdir()]
    return found
