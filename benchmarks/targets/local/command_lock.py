"""A lock for commands that start or end a target; the kernel frees it when its holder ends."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from backing import PlatformError

# Longer than a start takes on a busy machine; each wait of a start has a limit of its own.
WAIT_SECONDS = 240.0
POLL_SECONDS = 0.1


@contextmanager
def only_one(
    path: Path,
    what: str,
    *,
    report: Callable[[str], None],
    wait_seconds: float = WAIT_SECONDS,
) -> Iterator[None]:
    """Hold the lock file at `path` within the block; wait for another holder up to a limit.

    `what` ("monolith") begins the message about the other holder that `report` gets before a wait.
    PlatformError with the holder's pid if it keeps the lock for longer than `wait_seconds`, and if
    the file can't be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = path.open("a+")
    except OSError as error:
        message = f"{path} can't be written ({error.strerror}): logs and state go there."
        raise PlatformError(message) from error
    with lock:  # closing it frees the lock; so does the end of the process, whatever ends it
        _take(lock, what, wait_seconds, report)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
        lock.truncate(0)


def refuse_beside_measurement(path: Path, what: str) -> None:
    """Raise PlatformError with the holder's pid while a measurement holds the lock file at `path`.

    `what` begins the message. The lock isn't held afterwards: two callers don't refuse each other.
    """
    try:
        lock = path.open("r")
    except OSError:  # no command has made it, so none holds it
        return
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = (
                f"{what}: {_holder(lock)} is measuring, and what starts now would take its ports "
                "and its CPU time: end it, or wait."
            )
            raise PlatformError(message) from error


def _take(lock: IO[str], what: str, wait_seconds: float, report: Callable[[str], None]) -> None:
    deadline, reported = time.monotonic() + wait_seconds, False
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        else:
            return
        if time.monotonic() >= deadline:
            waited = f" after {wait_seconds:.0f} s" if wait_seconds else ""
            message = f"{what}: {_holder(lock)} still holds the lock{waited}: end it, or wait."
            raise PlatformError(message)
        if not reported:
            report(f"{what}: {_holder(lock)} is running; waiting for it to end.")
            reported = True
        time.sleep(POLL_SECONDS)


def _holder(lock: IO[str]) -> str:
    lock.seek(0)
    pid = lock.read().strip()
    return f"another command (process {pid})" if pid else "another command"
