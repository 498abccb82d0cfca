"""Idempotency keys: for a day, a repeated request gets the response to the first one."""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from submissions.errors import IdempotencyInProgress, IdempotencyKeyReused
from submissions.models import IdempotencyKey

_KEPT = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class IdempotencyRecord:
    """The key and the body of an account's request; the body is the URL, or the image's bytes."""

    account_id: UUID
    key: str
    body: bytes

    @cached_property
    def fingerprint(self) -> bytes:
        """Return the SHA-256 of the body."""
        return hashlib.sha256(self.body).digest()

    def response_find(self) -> dict[str, Any] | None:
        """Return the first response, or None. Raises IdempotencyKeyReused."""
        found = IdempotencyKey.objects.filter(
            account_id=self.account_id, key=self.key, created_at__gt=timezone.now() - _KEPT
        ).first()
        if found is None:
            return None
        if bytes(found.fingerprint) != self.fingerprint:
            raise IdempotencyKeyReused
        response: dict[str, Any] = json.loads(found.answer)
        return response

    def lock(self) -> None:
        """Lock the key until the transaction ends, also if the process dies.

        Raises IdempotencyInProgress if another request holds the lock.
        """
        digest = hashlib.sha256(self.account_id.bytes + self.key.encode()).digest()
        number = int.from_bytes(digest[:8], signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
            row = cursor.fetchone()
        if row is None or not row[0]:
            raise IdempotencyInProgress

    def response_store(self, response: dict[str, Any]) -> None:
        """Store the first response, over one that is older than a day. Needs the lock."""
        IdempotencyKey.objects.bulk_create(
            [
                IdempotencyKey(
                    account_id=self.account_id,
                    key=self.key,
                    fingerprint=self.fingerprint,
                    answer=json.dumps(response),
                    created_at=timezone.now(),
                )
            ],
            update_conflicts=True,
            unique_fields=["account_id", "key"],
            update_fields=["fingerprint", "answer", "created_at"],
        )


def keys_purge(*, limit: int) -> int:
    """Delete at most `limit` of the keys that are older than a day, and return how many."""
    old = IdempotencyKey.objects.filter(created_at__lte=timezone.now() - _KEPT)
    some = old.order_by("created_at").values("id")[:limit]
    # Looked at again when the row is deleted: a request may have renewed its key meanwhile.
    deleted, _ = old.filter(id__in=some).delete()
    return deleted
