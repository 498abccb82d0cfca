"""Holding an answer back until a submission is final, or the time is up."""

import threading
import time
from functools import cache
from uuid import UUID

from django.conf import settings

from submissions.connections import connection_release
from submissions.models import Submission
from submissions.notices import final_watch
from submissions.selectors import submission_get

_POLL_SECONDS = 1.0


def final_wait(*, account_id: UUID, submission_id: str, wait_seconds: int) -> Submission:
    """Returns the account's submission once it is final, or as it is when the time is up.

    Three quarters of the process's threads may wait; whoever comes then is answered at once, so
    that others are served meanwhile. Raises NotFound.
    """
    if wait_seconds == 0 or not _slots().acquire(blocking=False):
        return submission_get(account_id=account_id, submission_id=submission_id)
    deadline = time.monotonic() + wait_seconds
    try:
        # The watch begins before the first look: what became final in between would tell nobody.
        with final_watch(submission_id) as told:
            while True:
                submission = submission_get(account_id=account_id, submission_id=submission_id)
                left_seconds = deadline - time.monotonic()
                if submission.is_final or left_seconds <= 0:
                    return submission
                connection_release()
                told.wait(min(left_seconds, _POLL_SECONDS))
                told.clear()
    finally:
        _slots().release()


@cache
def _slots() -> threading.Semaphore:
    return threading.BoundedSemaphore(max(1, settings.WEB_THREADS * 3 // 4))
