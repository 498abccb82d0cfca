"""The database connection: release it when idle, and retry while the database is unavailable."""

import logging
from collections.abc import Callable
from itertools import chain, repeat
from time import sleep
from typing import TypeVar

from django.db import InterfaceError, InternalError, OperationalError, connection

logger = logging.getLogger(__name__)

_PAUSES_SECONDS = (0.2, 0.5, 1.0, 2.0)  # the last one repeats

T = TypeVar("T")


def connection_release() -> None:
    """Release the thread's connection before something slow that needs no database.

    A web process has few connections for many threads; the next query opens or takes one again.
    Other processes have one for each thread, and keep it.
    """
    if connection.settings_dict["CONN_MAX_AGE"] == 0 and not connection.in_atomic_block:
        connection.close()


def retry_while_database_unavailable(call: Callable[[], T]) -> T:
    """Call until the database responds, and return what the call returns.

    There is no limit: taking the next message while the database is unavailable would only lose
    that one too. A task's time limit, where there is one, interrupts the wait; then the message is
    redelivered, or the lease ends, and the attempt is made again.
    """
    for seconds in chain(_PAUSES_SECONDS, repeat(_PAUSES_SECONDS[-1])):
        try:
            return call()
        # InternalError is how psycopg reports a session that the server has ended for being idle
        # in a transaction, which happens when either of them has been stopped for a while.
        except (OperationalError, InterfaceError, InternalError) as error:
            logger.warning("the database is unavailable: %s", error)
            connection.close()
            sleep(seconds)
    raise AssertionError  # the pauses never end
