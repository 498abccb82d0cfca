"""Targets that Docker Compose runs: deploy, release, undo, scale, kill, stall, restart, count."""

from benchmarks.targets.compose.deployment import deploy
from benchmarks.targets.compose.target import ComposeTarget

__all__ = ["ComposeTarget", "deploy"]
