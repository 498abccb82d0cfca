"""`manage.py sweep`: the sweeper's loop."""

import contextlib
import itertools
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils.module_loading import import_string

from submissions import removals, sweeper

logger = logging.getLogger(__name__)

_PAUSE_SECONDS = 1.0
_PAUSE_MAX_SECONDS = 5.0
_END_SECONDS = 2.0
_PAGES = 5  # of the objects of recent submissions, for each sweep
# Between two pages of the pass over all objects, whose number grows: 8.6 million objects a day.
_HISTORY_SECONDS = 10.0


class Command(BaseCommand):
    """Runs until SIGTERM or SIGINT, also while backing services are unavailable."""

    help = "Publishes overdue attempts, fails those whose lease ended, deletes leftovers."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Sweep about once a second; less often after failures."""
        end = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: end.set())
        if settings.OBSERVE:
            import_string(settings.OBSERVER)("sweeper")
        sweep_until(end)


def sweep_until(end: threading.Event) -> None:
    """Sweep until the event is set.

    Objects are swept in a thread of their own: an unavailable object store delays no attempt.
    """
    objects = threading.Thread(target=_repeat, args=(end, _Objects().sweep), daemon=True)
    objects.start()
    _repeat(end, _attempts_step)
    objects.join(timeout=_END_SECONDS)


def _repeat(end: threading.Event, step: Callable[[], bool]) -> None:
    """Call the step about once a second; at once if it returns True, later if it fails."""
    pause_seconds = _PAUSE_SECONDS
    while not end.wait(pause_seconds):
        try:
            pause_seconds = 0 if step() else _PAUSE_SECONDS
        except Exception:  # no failure may end the sweeper
            logger.exception("a sweep failed; it will be repeated")
            connection.close()
            pause_seconds = min(max(pause_seconds, _PAUSE_SECONDS) * 2, _PAUSE_MAX_SECONDS)


def _attempts_step() -> bool:
    """Sweep the attempts, and touch the file whose age reports progress."""
    more = _attempts_sweep()
    if settings.WORKER_HEARTBEAT_FILE:
        with contextlib.suppress(OSError):  # an old file reports that, too
            Path(settings.WORKER_HEARTBEAT_FILE).touch()
    return more


def _attempts_sweep() -> bool:
    sweeper.attempts_expire()
    published = sweeper.messages_publish()
    sweeper.attempts_dispatch()
    return published >= sweeper.BATCH


class _Objects:
    """Carries out removals, and purges leftover objects a few pages at a time."""

    def __init__(self) -> None:
        self._recent: Iterator[int] = iter(())
        self._history = sweeper.history_purge()
        self._next_recent = self._next_history = time.monotonic()

    def sweep(self) -> bool:
        """Return whether more is due already."""
        more = removals.removals_finish(limit=sweeper.BATCH) >= sweeper.BATCH
        now, grace_seconds = time.monotonic(), settings.LEFTOVER_GRACE.total_seconds()
        if now >= self._next_history:
            self._next_history = now + _HISTORY_SECONDS
            if next(self._history, None) is None:
                self._history = sweeper.history_purge()
                self._next_history = now + grace_seconds
        if len(list(itertools.islice(self._recent, _PAGES))) < _PAGES and now >= self._next_recent:
            self._next_recent = now + grace_seconds
            self._recent = sweeper.leftovers_purge()
        return more
