"""Targets that Kubernetes runs, by `kubectl`: deploy, release, undo, scale, kill, count."""

from benchmarks.targets.kubernetes.deployment import deploy
from benchmarks.targets.kubernetes.target import KubernetesTarget

__all__ = ["KubernetesTarget", "deploy"]
