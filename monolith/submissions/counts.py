"""Count an account's submissions, at a cost that doesn't grow with their number.

A checkpoint holds how many submissions up to an id the account has; those after it are counted. It
moves when there are many of them. A trigger on the table (migration 0003) subtracts deleted rows,
and blocks while the checkpoint moves. Ids sort by creation time, so no row is added before the
checkpoint as long as each is committed within `_SETTLED` of the making of its id.
"""

import logging
from datetime import timedelta
from uuid import UUID

from django.db import InternalError, connection, transaction
from django.utils import timezone

from submissions.errors import Unavailable
from submissions.identifiers import uuid7_least
from submissions.models import AccountCount, Submission

logger = logging.getLogger(__name__)

RECENT_MAX = 1000  # rows that a read counts before it moves the checkpoint

# An insert begins within a minute of the making of its id, or not at all. Its transaction then has
# three statements of at most statement_timeout (10 s), and between them waits of at most
# idle_in_transaction_session_timeout (60 s): less than five minutes in all. The other five are for
# clocks of different hosts.
_INSERT_WITHIN = timedelta(minutes=1)
_SETTLED = timedelta(minutes=10)

# One statement: checkpoint and rows are those of one moment. Pairs are compared and sorted, as in
# `selectors.submission_page`, so that PostgreSQL reads the newest entries of that index, whatever
# it expects of an id that it doesn't know.
_LOOK = """
SELECT coalesce(checkpoint.count, 0), checkpoint.counted_up_to, (
    SELECT count(*) FROM (
        SELECT FROM submissions_submission
        WHERE (account_id, id) > (%(account_id)s, coalesce(checkpoint.counted_up_to, %(none)s))
            AND account_id <= %(account_id)s
        ORDER BY account_id DESC, id DESC LIMIT %(limit)s
    ) AS recent
)
FROM (SELECT) AS one
LEFT JOIN submissions_accountcount AS checkpoint ON checkpoint.account_id = %(account_id)s
"""
_NONE = UUID(int=0)


def submission_count(*, account_id: UUID) -> int:
    """Return how many submissions the account has. Moves the checkpoint if it is far behind."""
    counted, up_to, recent = _look(account_id, limit=RECENT_MAX + 1)
    if recent > RECENT_MAX:
        # It doesn't move at each read, while many of the rows are too new to be settled.
        if up_to < uuid7_least(timezone.now() - 2 * _SETTLED):
            _checkpoint_try(account_id)
        counted, _, recent = _look(account_id, limit=None)
    return counted + recent


def insert_check(*, submission_id: UUID) -> None:
    """Return if the row may be inserted now. Raises Unavailable if its id is too old.

    That is one whose process was frozen since: the checkpoint may be past its id soon.
    """
    if submission_id < uuid7_least(timezone.now() - _INSERT_WITHIN):
        raise Unavailable


def checkpoint_move(*, account_id: UUID) -> None:
    """Move the account's checkpoint to the newest settled id; skip if another process does so."""
    with transaction.atomic():
        checkpoints = AccountCount.objects.filter(account_id=account_id)
        AccountCount.objects.bulk_create(
            [AccountCount(account_id=account_id)], ignore_conflicts=True
        )
        checkpoint = checkpoints.select_for_update(skip_locked=True).first()
        if checkpoint is None:
            return
        up_to = _settled_up_to()
        rows = Submission.objects.filter(
            account_id=account_id, id__gt=checkpoint.counted_up_to, id__lte=up_to
        )
        checkpoints.update(count=checkpoint.count + rows.count(), counted_up_to=up_to)


def _checkpoint_try(account_id: UUID) -> None:
    try:
        checkpoint_move(account_id=account_id)
    except InternalError as error:  # a database that is read-only
        logger.warning("the count of account %s has no new checkpoint: %s", account_id, error)


def _settled_up_to() -> UUID:
    """Return an id up to which no more rows are added."""
    return uuid7_least(timezone.now() - _SETTLED)


def _look(account_id: UUID, *, limit: int | None) -> tuple[int, UUID, int]:
    """Return the checkpoint's count and id, and how many newer rows there are, up to `limit`."""
    values = {"account_id": account_id, "none": _NONE, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, values)
        counted, up_to, recent = cursor.fetchone() or (0, None, 0)
    return counted, up_to or _NONE, recent
