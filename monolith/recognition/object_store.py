"""Call the object store by obstore, which needs about a sixth of boto3's CPU time.

A signal, such as that of Celery's soft time limit, doesn't interrupt a call into obstore. So the
main thread, which handles signals, waits for a thread that makes the call. obstore's runtime
doesn't survive a fork: a child may use it only if its parent has not.
"""

import os
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from obstore.exceptions import GenericError
from obstore.store import S3Store

if TYPE_CHECKING:
    from obstore.store import ClientConfig

_Returned = TypeVar("_Returned")

_LOOPBACK = "127.0.0.1", "::1", "localhost"
_PAUSE_SECONDS = 0.1, 0.5
_THREADS = 4  # one is in use; others end calls that a signal has interrupted


class Bucket:
    """A bucket and its connections, which the threads of a process share.

    A call makes at most `attempts` attempts. Each waits for at most `read_timeout_seconds` for the
    response, and again for each piece of its body.
    """

    def __init__(
        self,
        name: str,
        *,
        region: str,
        connect_timeout_seconds: float,
        read_timeout_seconds: float,
        attempts: int,
    ) -> None:
        options: ClientConfig = {
            "allow_http": True,
            "connect_timeout": timedelta(seconds=connect_timeout_seconds),
            "read_timeout": timedelta(seconds=read_timeout_seconds),
            "timeout": timedelta(hours=1),  # a slow client may take minutes to read an image
            "pool_max_idle_per_host": "64",
        }
        if urlsplit(os.environ.get("AWS_ENDPOINT_URL_S3")).hostname in _LOOPBACK:
            # Loopback isn't reached through a proxy of the environment. This one takes its place,
            # and isn't used for loopback.
            options |= {"proxy_url": "http://127.0.0.1:9", "proxy_excludes": ",".join(_LOOPBACK)}
        self._attempts = attempts
        self._store = S3Store(
            name,
            region=region,
            virtual_hosted_style_request=False,
            disable_bulk_delete=True,
            client_options=options,
            retry_config={"max_retries": 0},  # it repeats some calls only; see `call`
        )

    def call(self, function: Callable[[S3Store], _Returned]) -> _Returned:
        """Return the function's result; repeat it after errors that may be temporary.

        Raises obstore's BaseError, and FileNotFoundError where key or bucket don't exist.
        """
        for attempt in range(1, self._attempts):
            try:
                return self._attempt(function)
            except GenericError:  # no connection, a timeout, a truncated body, a status of 5xx
                time.sleep(random.uniform(*_PAUSE_SECONDS) * attempt)  # noqa: S311 - spreads retries
        return self._attempt(function)

    def _attempt(self, function: Callable[[S3Store], _Returned]) -> _Returned:
        if _first_user() != os.getpid():
            message = "The object store was used before this process was forked."
            raise RuntimeError(message)  # the call would never return
        if threading.current_thread() is threading.main_thread():
            return _threads().submit(function, self._store).result()
        return function(self._store)


@cache
def _first_user() -> int:
    """Return the id of the process that called the store first: this one or its parent."""
    return os.getpid()


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="object-store")
