"""A disk that fills must cost nothing that was measured."""

import errno
import os
import shutil
from pathlib import Path

from benchmarks.experiments.runner.errors import DiskFullError, HarnessError
from benchmarks.experiments.runner.results_folder import ResultsFolder

NEEDED_BYTES = 200 * 2**20  # the stores and logs of one trial, several times over
RESERVED_BYTES = 2**20  # for what is written at the end of a run: status, results, report
RESERVE = ".reserve"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def reserve(folder: ResultsFolder) -> None:
    """Set room aside for the end of the run."""
    (folder.path / RESERVE).write_bytes(bytes(RESERVED_BYTES))


def release(folder: ResultsFolder) -> None:
    """Give the room back: the end of the run is written now."""
    (folder.path / RESERVE).unlink(missing_ok=True)


def check_room(place: Path) -> None:
    """Raise DiskFullError where the disk has no room for a trial."""
    free = shutil.disk_usage(place).free
    if free < NEEDED_BYTES:
        raise DiskFullError(
            f"Only {free // 2**20} MB are free where {place} lies; a trial needs "
            f"{NEEDED_BYTES // 2**20} MB. Make room, then `make compare RESUME={place}`."
        )


def is_full(error: BaseException) -> bool:
    """Return whether a full disk caused an error, here or in a process that we started."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno in _FULL:
            return True
        if os.strerror(errno.ENOSPC) in str(seen):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def explained(error: HarnessError | OSError, folder: ResultsFolder) -> HarnessError:
    """Return the error as a HarnessError; OSErrors of other kinds are raised as they are."""
    if isinstance(error, DiskFullError):
        return error
    if is_full(error):
        return DiskFullError(
            f"The disk is full. What was measured until then is kept in {folder.path}; "
            f"make room, then `make compare RESUME={folder.path}`."
        )
    if isinstance(error, HarnessError):
        return error
    raise error
