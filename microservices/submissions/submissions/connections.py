"""The database connection: not held for nothing, and outlasted where nobody waits for an answer."""

import logging
from collections.abc import Callable
from time import sleep
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

logger = logging.getLogger(__name__)

_PAUSES_SECONDS = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)

T = TypeVar("T")


def connection_release() -> None:
    """Gives the thread's connection back while something else takes its time.

    The process has few connections for many threads; the next query takes one again.
    """
    if not connection.in_atomic_block:
        connection.close()


def patiently(call: Callable[[], T]) -> T:
    """Calls until the database answers, and returns what the call returns.

    Raises the database's error when the patience is at its end, after about 16 s: the sweeper has
    the attempt made again then.
    """
    for seconds in _PAUSES_SECONDS:
        try:
            return call()
        except (OperationalError, InterfaceError) as error:
            logger.warning("the database is away: %s", error)
            connection.close()
            sleep(seconds)
    return call()
