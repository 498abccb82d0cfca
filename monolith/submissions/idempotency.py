"""The same Idempotency-Key gives the same answer for a day, whatever races or dies in between."""

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
    """What a key holds an account's request to. `body` is the address, or the image's bytes."""

    account_id: UUID
    key: str
    body: bytes

    @cached_property
    def fingerprint(self) -> bytes:
        """What tells one body from another."""
        return hashlib.sha256(self.body).digest()

    def response_find(self) -> dict[str, Any] | None:
        """Return the first answer, or None. Raises IdempotencyKeyReused."""
        found = IdempotencyKey.objects.filter(
            account_id=self.account_id, key=self.key, created_at__gt=timezone.now() - _KEPT
        ).first()
        if found is None:
            return None
        if bytes(found.fingerprint) != self.fingerprint:
            raise IdempotencyKeyReused
        answer: dict[str, Any] = json.loads(found.answer)
        return answer

    def lock(self) -> None:
        """Hold the key until the transaction ends, however it ends: a process that dies frees it.

        Raises IdempotencyInProgress if another request holds it.
        """
        digest = hashlib.sha256(self.account_id.bytes + self.key.encode()).digest()
        number = int.from_bytes(digest[:8], signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
            row = cursor.fetchone()
        if row is None or not row[0]:
            raise IdempotencyInProgress

    def response_store(self, answer: dict[str, Any]) -> None:
        """Store the first answer, over one that is older than a day. Needs the lock."""
        IdempotencyKey.objects.bulk_create(
            [
                IdempotencyKey(
                    account_id=self.account_id,
                    key=self.key,
                    fingerprint=self.fingerprint,
                    answer=json.dumps(answer),
                    created_at=timezone.now(),
                )
            ],
            update_conflicts=True,
            unique_fields=["account_id", "key"],
            update_fields=["fingerprint", "answer", "created_at"],
        )


def keys_purge() -> int:
    """Delete the keys that are older than a day, and return how many."""
    deleted, _ = IdempotencyKey.objects.filter(created_at__lte=timezone.now() - _KEPT).delete()
    return deleted
