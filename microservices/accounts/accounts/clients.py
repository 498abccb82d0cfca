"""The request to the submissions service."""

import json
import logging
from functools import cache
from http import HTTPStatus
from uuid import UUID

import urllib3
from django.conf import settings

logger = logging.getLogger(__name__)

_TIMEOUT_SECONDS = 1.0
_CONNECTIONS = 16  # that are kept open


@cache
def _client() -> urllib3.PoolManager:
    timeout = urllib3.Timeout(connect=_TIMEOUT_SECONDS, read=_TIMEOUT_SECONDS)
    return urllib3.PoolManager(maxsize=_CONNECTIONS, timeout=timeout, retries=False)


def submission_count(*, account_id: UUID, authorization: str) -> int | None:
    """Return the number of the caller's submissions, or None without a response in 1 s.

    Sends the caller's own token, so this service needs no credentials of its own.
    """
    try:
        response = _client().request(
            "GET",
            f"{settings.SUBMISSIONS_URL}/internal/submission-count",
            headers={"Authorization": authorization},
        )
        if response.status != HTTPStatus.OK:
            raise ValueError(response.status)
        count = json.loads(response.data)["count"]
    except (urllib3.exceptions.HTTPError, ValueError, KeyError, TypeError) as error:
        logger.warning("no submission count for account %s: %r", account_id, error)
        return None
    return count if isinstance(count, int) else None
