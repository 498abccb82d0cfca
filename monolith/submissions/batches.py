"""Do together, about once a second, what no client waits for and what may be lost.

A statement or a request for many items costs little more than one for a single item.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import connection

_Item = TypeVar("_Item")

logger = logging.getLogger(__name__)

_PAUSE_SECONDS = 1.0
_ITEMS_MAX = 1000  # further ones are dropped: whatever finishes lost work does theirs too


class Batches(Generic[_Item]):
    """Collects items, and gives them to a function in a thread that lives while there are any.

    Items are lost when the process ends, or if the function fails: use it only for what another
    process finishes, such as the sweeper.
    """

    def __init__(self, call: Callable[[list[_Item]], None]) -> None:
        """Keep the function, which gets 1 to 1000 items."""
        self._call = call
        self._lock = threading.Lock()
        self._items: list[_Item] = []
        self._thread: threading.Thread | None = None

    def add(self, item: _Item) -> None:
        """Add an item to the next batch. Returns at once."""
        with self._lock:
            if len(self._items) < _ITEMS_MAX:
                self._items.append(item)
            if self._thread is None or not self._thread.is_alive():  # a fork has none of it
                self._thread = threading.Thread(target=self._run, name="batches", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            time.sleep(_PAUSE_SECONDS)
            with self._lock:
                items, self._items = self._items, []
                if not items:
                    self._thread = None
                    return
            try:
                self._call(items)
            except Exception as error:  # noqa: BLE001 - the next batch is tried again
                logger.warning("a batch of %s is left to the sweeper: %r", len(items), error)
            finally:
                connection.close()
