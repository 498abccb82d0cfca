"""`manage.py sweep`: the sweeper's loop."""

import logging
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from submissions import sweeping

logger = logging.getLogger(__name__)

_PAUSE_SECONDS = 1.0
_PAUSE_MAX_SECONDS = 5.0
_PURGE_EVERY_SECONDS = 600.0


class Command(BaseCommand):
    """Runs until SIGTERM or SIGINT, whatever is away meanwhile."""

    help = "Hands over what is overdue, ends what has used up its attempts, deletes leftovers."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Sweeps about once a second; less often while something is away."""
        end = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: end.set())
        sweep_until(end)


def sweep_until(end: threading.Event) -> None:
    """Sweeps until the event is set."""
    pause_seconds, purged_at = _PAUSE_SECONDS, time.monotonic()
    while not end.wait(pause_seconds):
        purge = time.monotonic() - purged_at >= _PURGE_EVERY_SECONDS
        try:
            sweeping.attempts_expire()
            sweeping.messages_publish()
            sweeping.attempts_dispatch()
            if purge:
                purged_at = time.monotonic()
                sweeping.leftovers_purge()
            pause_seconds = _PAUSE_SECONDS
        except Exception:
            logger.exception("a sweep failed; the next one comes")
            connection.close()
            pause_seconds = min(pause_seconds * 2, _PAUSE_MAX_SECONDS)
