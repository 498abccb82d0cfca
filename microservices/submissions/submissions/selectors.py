"""Read submissions."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan

from submissions import counts
from submissions.compiled import CompiledQuery
from submissions.errors import NotFound
from submissions.models import Submission

_LAST = UUID(int=2**128 - 1)
# Each new submission needs it; the ORM would compile it each time. The states are those of the
# index `submission_open`.
_OPEN_COUNT = """SELECT COUNT(*) FROM submissions_submission
WHERE account_id = %s AND state IN ('pending', 'processing')"""
_OPEN = """\
SELECT id FROM submissions_submission
WHERE id = ANY(%s::uuid[]) AND state IN ('pending', 'processing')"""


@dataclass(frozen=True, slots=True)
class Page:
    """Submissions, newest first, and whether there are older ones."""

    items: list[Submission]
    has_more: bool


def submission_get(*, account_id: UUID, submission_id: str) -> Submission:
    """Return the account's submission. Raises NotFound."""
    found = _one().rows(account_id=account_id, submission_id=_uuid(submission_id))
    if not found:
        raise NotFound
    return found[0]


def submission_rows(*, account_id: UUID, submission_id: str) -> QuerySet[Submission]:
    """Return the account's submission as a query of at most one row. Raises NotFound."""
    return Submission.objects.filter(id=_uuid(submission_id), account_id=account_id)


def submission_is_open(*, account_id: UUID, submission_id: str) -> bool:
    """Return whether the account has this submission and it isn't final. Raises NotFound."""
    return not submission_get(account_id=account_id, submission_id=submission_id).is_final


def submissions_open(submission_ids: Collection[str]) -> set[str]:
    """Return which of these submissions exist and aren't final, in one query."""
    # The ids are one parameter: thousands would cost the process most of the query's time.
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [list(submission_ids)])
        return {str(found) for (found,) in cursor.fetchall()}


def submission_page(*, account_id: UUID, limit: int, before: UUID | None) -> Page:
    """Return the account's submissions that are older than `before`, newest first."""
    items = _page(limit).rows(account_id=account_id, before=before or _LAST)
    return Page(items=items[:limit], has_more=len(items) > limit)


def submission_count(*, account_id: UUID) -> int:
    """Return how many submissions the account has."""
    return counts.submission_count(account_id=account_id)


def submission_open_count(*, account_id: UUID) -> int:
    """Return how many of the account's submissions aren't final."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_COUNT, [account_id])
        ((count,),) = cursor.fetchall()
    return int(count)


@cache
def _one() -> CompiledQuery[Submission]:
    """Return the query of one row."""

    def one(account_id: UUID, submission_id: UUID) -> QuerySet[Submission]:
        return submission_rows(account_id=account_id, submission_id=str(submission_id))

    return CompiledQuery(one, "account_id", "submission_id")


@cache
def _page(limit: int) -> CompiledQuery[Submission]:
    """Return the query of a page of that size."""

    def page(account_id: UUID, before: UUID) -> QuerySet[Submission]:
        # The pairs are compared and sorted, as the index `submission_page` has them. With the
        # account compared by itself, PostgreSQL may read the newest submissions of all accounts, to
        # find those of an account that has many: it doesn't know that they are old.
        pair = Tuple("account_id", "id")
        rows = Submission.objects.filter(
            TupleLessThan(pair, (account_id, before)), account_id__gte=account_id
        )
        return rows.order_by("-account_id", "-id")[: limit + 1]

    return CompiledQuery(page, "account_id", "before")


def _uuid(text: str) -> UUID:
    try:
        found = UUID(text)
    except ValueError as error:
        raise NotFound from error
    if str(found) != text.lower():
        raise NotFound  # a spelling that responses never contain, like {…} or urn:uuid:…
    return found
