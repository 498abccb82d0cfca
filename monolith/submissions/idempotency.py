"""The same Idempotency-Key gives the same answer for a day, whatever races or dies in between."""

import hashlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from submissions.errors import IdempotencyInProgress, IdempotencyKeyReused
from submissions.models import IdempotencyKey

KEPT = timedelta(hours=24)


def fingerprint(*, image_url: str | None, data: bytes | None) -> bytes:
    """Returns what tells one body from another: the address, or the image's bytes."""
    if data is not None:
        return hashlib.sha256(b"upload:" + data).digest()
    return hashlib.sha256(f"url:{image_url}".encode()).digest()


def answer_find(*, account_id: UUID, key: str, fingerprint: bytes) -> dict[str, Any] | None:
    """Returns the first answer under the key, or None. Raises IdempotencyKeyReused."""
    found = IdempotencyKey.objects.filter(
        account_id=account_id, key=key, created_at__gt=timezone.now() - KEPT
    ).first()
    if found is None:
        return None
    if bytes(found.fingerprint) != fingerprint:
        raise IdempotencyKeyReused
    answer: dict[str, Any] = found.answer
    return answer


def key_lock(*, account_id: UUID, key: str) -> None:
    """Holds the key until the transaction ends, however it ends: a process that dies frees it.

    Raises IdempotencyInProgress if another request holds it.
    """
    digest = hashlib.sha256(account_id.bytes + key.encode()).digest()
    number = int.from_bytes(digest[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        row = cursor.fetchone()
    if row is None or not row[0]:
        raise IdempotencyInProgress


def answer_store(
    *, account_id: UUID, key: str, fingerprint: bytes, answer: dict[str, Any], now: datetime
) -> None:
    """Stores the first answer, over one that is older than a day. Needs the key's lock."""
    IdempotencyKey.objects.bulk_create(
        [
            IdempotencyKey(
                account_id=account_id,
                key=key,
                fingerprint=fingerprint,
                answer=answer,
                created_at=now,
            )
        ],
        update_conflicts=True,
        unique_fields=["account_id", "key"],
        update_fields=["fingerprint", "answer", "created_at"],
    )


def keys_purge() -> int:
    """Deletes the keys that are older than a day, and returns how many."""
    deleted, _ = IdempotencyKey.objects.filter(created_at__lte=timezone.now() - KEPT).delete()
    return deleted
