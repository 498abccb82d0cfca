"""What the commands on architectures share: their argument, their folders, their errors."""

import argparse
import errno
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

from backing import BackingError
from benchmarks.command_line import FAILED
from benchmarks.ports import PortError
from benchmarks.repository import REPOSITORY
from benchmarks.targets.architectures import ARCHITECTURES
from benchmarks.targets.local.command_lock import only_one

RUN = REPOSITORY / ".run"
MEASUREMENT_LOCK = RUN / "compare.lock"  # held by a command that measures
ERRORS = {BackingError: FAILED, PortError: FAILED}
INTERRUPTED = "Interrupted; what this command started has ended."
# What an operator can repair: a full disk, a quota, a checkout that is read-only or another user's
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)


def add_architectures(parser: argparse.ArgumentParser) -> None:
    """Add the argument ARCHITECTURE…, of which none stands for all; read it by `chosen`."""
    known = ", ".join(ARCHITECTURES)
    parser.add_argument(
        "architectures",
        nargs="*",
        type=architecture,
        metavar="ARCHITECTURE",
        help=f"any of {known} (default: all)",
    )


def add_recognition(parser: argparse.ArgumentParser) -> None:
    """Add the option --recognition: what makes the attempts, a worker (celery) or a function."""
    parser.add_argument(
        "--recognition",
        default="celery",
        metavar="ARM",
        help="celery: a worker; lambda: a function on an emulator of AWS Lambda (default: celery)",
    )


def architecture(name: str) -> str:
    """Return the name of an architecture as it is. Raises ArgumentTypeError for another name."""
    if name not in ARCHITECTURES:
        message = f"no architecture {name}: use {' or '.join(ARCHITECTURES)}"
        raise argparse.ArgumentTypeError(message)
    return name


def chosen(options: argparse.Namespace) -> list[str]:
    """Return the architectures that the command is for."""
    return options.architectures or list(ARCHITECTURES)


def alone(name: str) -> AbstractContextManager[None]:
    """Hold the lock of an architecture on the fixed ports; wait for another command's end."""
    return only_one(RUN / f"{name}.lock", name, report=lambda line: print(line, flush=True))


def with_disk_errors(command: Callable[[], int]) -> int:
    """Run a command that writes below `.run`; report a full disk or a closed pipe in a sentence."""
    try:
        status = command()
        sys.stdout.flush()
    except BrokenPipeError:  # as in `make status | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.errno not in _DISK:
            raise
        print(f"{error.filename or RUN} can't be written: {error.strerror}.", file=sys.stderr)
        return FAILED
    return status
