"""Observe all calls to other services, so that none is made at the wrong time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.httpsession import URLLib3Session
from django.db import connection
from redis.connection import AbstractConnection

import recognition.object_store
import submissions.object_store

_SENDERS: tuple[tuple[type, str], ...] = (
    (URLLib3Session, "send"),
    (recognition.object_store.Bucket, "call"),
    (submissions.object_store.Bucket, "call"),
    (AbstractConnection, "send_packed_command"),
)


@contextmanager
def network_watch(notice: Callable[[str], None]) -> Iterator[None]:
    """Call `notice` with the sender's name before each request or command that is sent."""
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in _SENDERS:
            patch.setattr(
                owner, name, _noticed(getattr(owner, name), f"{owner.__name__}.{name}", notice)
            )
        yield


def in_transaction() -> bool:
    """Return whether this thread has a transaction open that isn't the test's own."""
    return any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)


def _noticed(send: Callable[..., Any], name: str, notice: Callable[[str], None]) -> Any:
    def watched(*arguments: Any, **options: Any) -> Any:
        notice(name)
        return send(*arguments, **options)

    return watched
