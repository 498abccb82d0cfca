"""The containers of pods, named as the processes of other platforms are."""

import os
import signal
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress

from backing import Role
from benchmarks.targets.architectures import Architecture, unit_names
from benchmarks.targets.errors import EngineError
from benchmarks.targets.kubernetes.kubectl import Object
from benchmarks.targets.kubernetes.manifests import TYPE_LABEL, UNIT_LABEL
from benchmarks.targets.measure import cgroups
from benchmarks.targets.measure.containers import Container

EDGE, IMAGES = "edge", "image-server"


def containers_of(architecture: Architecture, pods: Iterable[Object]) -> list[Container]:
    """Return the running containers of pods: `<unit>-<type>-<n>`, `edge`, or a backing service.

    Those of releases, which have ended or are about to, are left out.
    """
    units, numbers, found = set(unit_names(architecture)), Counter[str](), []
    for pod in pods:
        labels = pod["metadata"]["labels"]
        unit, kind = labels[UNIT_LABEL], labels.get(TYPE_LABEL, "")
        if kind == "release":
            continue
        name = f"{unit}-{kind}" if kind and kind != EDGE else kind or unit
        if unit in units and kind != EDGE:
            numbers[name] += 1
            name = f"{name}-{numbers[name]}"
        found += [
            Container(name, EDGE if kind == EDGE else unit, _role(unit, kind, units), each)
            for each in _ids(pod)
        ]
    return found


def signal_containers(containers: Iterable[Container], number: signal.Signals) -> None:
    """Send a signal to every process in these containers. EngineError if none runs here."""
    groups = [group for it in containers if (group := cgroups.find(it.id)) is not None]
    if not groups:
        message = "No such container runs on this machine: run this on that of the node, as root."
        raise EngineError(message)
    for pid in [pid for group in groups for pid in cgroups.pids(group)]:
        with suppress(ProcessLookupError):  # it has ended meanwhile
            os.kill(pid, number)


def _role(unit: str, kind: str, units: set[str]) -> Role:
    if kind == EDGE:
        return "edge"
    if unit == IMAGES:
        return "companion"
    return "unit" if unit in units else "backing"


def _ids(pod: Object) -> list[str]:
    """Return the engine's ids of a pod's containers, as in `docker://3f…`."""
    statuses = pod.get("status", {}).get("containerStatuses", [])
    return [it["containerID"].rpartition("//")[2] for it in statuses if it.get("containerID")]
