"""The database connection: not held for nothing, and outlasted where nobody waits for an answer."""

import logging
from collections.abc import Callable
from itertools import chain, repeat
from time import sleep
from typing import TypeVar

from django.db import InterfaceError, InternalError, OperationalError, connection

logger = logging.getLogger(__name__)

_PAUSES_SECONDS = (0.2, 0.5, 1.0, 2.0)  # and then the last again and again

T = TypeVar("T")


def connection_release() -> None:
    """Return the thread's connection back while something else takes its time.

    A web process has few connections for many threads; the next query takes one again. Other
    processes have one for each thread, which is kept.
    """
    if connection.settings_dict["CONN_MAX_AGE"] == 0 and not connection.in_atomic_block:
        connection.close()


def retry_while_database_unavailable(call: Callable[[], T]) -> T:
    """Call until the database responds, and return what the call returns.

    There is no limit: to take the next message while the database is away would only lose that
    one too. A task's time limit interrupts the wait where there is one; the message, or the end of
    the lease, has the attempt made again then.
    """
    for seconds in chain(_PAUSES_SECONDS, repeat(_PAUSES_SECONDS[-1])):
        try:
            return call()
        # InternalError is how psycopg reports a session that the server has ended for being idle
        # in a transaction, which happens when either of them has been stopped for a while.
        except (OperationalError, InterfaceError, InternalError) as error:
            logger.warning("the database is away: %s", error)
            connection.close()
            sleep(seconds)
    raise AssertionError  # the pauses never end
