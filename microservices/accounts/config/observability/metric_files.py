"""Metrics of a process that forks: its children count in files, which their parent adds up."""

import atexit
import os
import shutil
import tempfile

_FILES = "PROMETHEUS_MULTIPROC_DIR"  # the package looks for it when it is first imported


def files_begin() -> None:
    """Keep metrics in files until this process ends. Call before the package is imported."""
    folder, owner = tempfile.mkdtemp(prefix="metrics-"), os.getpid()
    os.environ[_FILES] = folder
    atexit.register(_remove, folder, owner)


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:  # and in none of its children
        shutil.rmtree(folder, ignore_errors=True)


def is_in_files() -> bool:
    """Return whether the metrics of this process are in files."""
    return _FILES in os.environ
