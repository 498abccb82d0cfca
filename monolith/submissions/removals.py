"""Remove the objects of deleted and failed submissions.

A removal is committed in the transaction that deletes or fails the submission, and carried out
afterwards, outside of any transaction. The sweeper carries out what is left.
"""

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from recognition.errors import Unavailable as RecognitionUnavailable
from recognition.services import objects_delete
from submissions import storage
from submissions.connections import connection_release
from submissions.errors import Unavailable
from submissions.models import ObjectRemoval

logger = logging.getLogger(__name__)

# How long a process that committed or reserved a removal may take to carry it out.
_GRACE = timedelta(seconds=5)


def removal_request(*, submission_id: UUID, after: timedelta = _GRACE) -> None:
    """Request the removal of a submission's objects after this time, in the caller's transaction.

    A removal that has been requested before stays unchanged.
    """
    removal = ObjectRemoval(submission_id=submission_id, remove_after=timezone.now() + after)
    ObjectRemoval.objects.bulk_create([removal], ignore_conflicts=True)


def removal_try(*, submission_id: UUID) -> bool:
    """Remove a submission's objects now. Return False if the object store is unavailable.

    A removal that is due later stays requested.
    """
    connection_release()
    try:
        storage.upload_delete(submission_id=submission_id)
        objects_delete(submission_id=submission_id)
    except (Unavailable, RecognitionUnavailable) as error:
        logger.warning("the objects of %s are not removed yet: %s", submission_id, error)
        return False
    ObjectRemoval.objects.filter(
        submission_id=submission_id, remove_after__lte=timezone.now() + _GRACE
    ).delete()
    return True


def removals_finish(*, limit: int) -> int:
    """Carry out at most `limit` due removals, and return how many; stop at the first failure."""
    now, count = timezone.now(), 0
    with transaction.atomic():
        due = ObjectRemoval.objects.select_for_update(skip_locked=True).filter(
            remove_after__lte=now
        )
        reserved = [removal.submission_id for removal in due.order_by("remove_after")[:limit]]
        ObjectRemoval.objects.filter(submission_id__in=reserved).update(remove_after=now + _GRACE)
    for submission_id in reserved:
        if not removal_try(submission_id=submission_id):
            break
        count += 1
    return count
