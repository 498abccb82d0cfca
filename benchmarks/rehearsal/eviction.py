"""Pods that a drained node would evict, and a node that takes no new ones."""

import time

from benchmarks.oracle import History, RecordingClient, settled_violations, steady_load
from benchmarks.rehearsal.outcome import RATES, Outcome, load_figures, load_problems
from benchmarks.rehearsal.releases import AFTER_SECONDS, BEFORE_SECONDS
from benchmarks.rehearsal.scaling import wait_for_pods
from benchmarks.rehearsal.worker import DRAIN_SECONDS, submit_slow
from benchmarks.targets.kubernetes import KubernetesTarget, node

REPLICAS = 2  # of a web process: its disruption budget lets one go at a time
PLACED_SECONDS = 8.0  # within which a pod would be given a node that takes it
READY_SECONDS = 120.0


def evict_each(target: KubernetesTarget, process: str) -> Outcome:
    """Remove every pod of a process type under load by eviction, one by one, as a drain does.

    With two of them: one that is evicted finishes its requests, and the other one serves.
    """
    history = History()
    client = RecordingClient(target.base_url, history)
    target.scale(process, REPLICAS)
    with steady_load(client, RATES):
        time.sleep(BEFORE_SECONDS)
        evicted = target.pods(process)
        for pod in evicted:
            node.evict(target.kubectl, pod)
            _wait_ready(target, process, REPLICAS, without=pod)
        time.sleep(AFTER_SECONDS)
    client.drain(timeout_seconds=DRAIN_SECONDS)
    target.scale(process, 1)
    problems = load_problems(history, settled_violations(target, history))
    if len(evicted) != REPLICAS:
        problems = (*problems, f"{len(evicted)} pods were there to be evicted")
    figures: dict[str, float | str] = {"pods evicted": len(evicted)}
    return Outcome("evict", process, figures | load_figures(history), problems)


def cordoned(target: KubernetesTarget, *, submissions: int) -> Outcome:
    """End the worker in the middle of its work while no node takes new pods, then let one.

    One worker is kept meanwhile: what queued up in the step before may have added some.
    """
    process = target.architecture.worker
    target.autoscale({})
    wait_for_pods(target, process, 1)
    history = History()
    client = RecordingClient(target.base_url, history)
    ids = submit_slow(client, submissions, seconds=4)
    client.wait_for_state(ids, "processing", timeout_seconds=30)
    node.cordon(target.kubectl)
    try:
        (pod,) = target.pods(process)
        node.evict(target.kubectl, pod)
        time.sleep(PLACED_SECONDS)
        placed = [name for name in target.pods(process) if name != pod]
    finally:
        node.uncordon(target.kubectl)
    began = time.monotonic()
    client.drain(timeout_seconds=DRAIN_SECONDS)
    figures: dict[str, float | str] = {"all final after, s": time.monotonic() - began}
    problems = load_problems(history, settled_violations(target, history))
    if placed:
        problems = (*problems, f"{placed[0]} was placed on a node that takes no new pods")
    return Outcome("cordon", process, figures | load_figures(history), problems)


def _wait_ready(target: KubernetesTarget, process: str, count: int, *, without: str) -> None:
    """Wait until so many pods are ready, none of them the evicted one. TimeoutError otherwise."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        found = target.pods(process)
        if without not in found and len(found) >= count:
            return
        time.sleep(1.0)
    message = f"{process} didn't have {count} pods again after {READY_SECONDS:g} s"
    raise TimeoutError(message)
