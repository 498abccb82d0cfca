"""Read accounts."""

from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from accounts import table
from accounts.models import Account


def account_get(*, account_id: UUID) -> Account | None:
    """Return the account, or None. One GetItem. Raises Unavailable."""
    return table.account_find(account_id=account_id)


def submission_count(*, account_id: UUID, authorization: str) -> int | None:
    """Return how many submissions the account has, or None if that is unavailable.

    The settings name the function that counts them: accounts don't depend on submissions.
    `authorization` is the caller's header, for a counter that sends a request with it.
    """
    counter = import_string(settings.SUBMISSION_COUNTER)
    count: int | None = counter(account_id=account_id, authorization=authorization)
    return count
