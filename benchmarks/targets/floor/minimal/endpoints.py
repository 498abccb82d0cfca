"""Minimal endpoints: the least that Django and granian spend on a request.

    INTERFACE=asgi granian --interface asgi endpoints:application

`GET /json` returns a small JsonResponse, without any middleware, database or authentication.
`POST /insert` inserts one row and publishes one message, in the database of DATABASE_URL and the
broker of BROKER_URL: what no submission can do without. INTERFACE is asgi or wsgi. By ASGI the
view of `/json` is asynchronous, as Django recommends; `/insert` is for WSGI, where the thread that
serves the request calls it.

Run in the monolith's environment, which has Django, granian, psycopg and redis.
"""

import json
import os
import threading
import uuid
from typing import Any

import django
import psycopg
import redis
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import (
    HttpRequest,
    JsonResponse,
)
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    INSTALLED_APPS=[],
    MIDDLEWARE=[],
    ROOT_URLCONF=__name__,
    USE_I18N=False,
)
django.setup()

QUEUE = "minimal"
_CREATE = (
    "CREATE TABLE IF NOT EXISTS minimal_submission "
    "(id uuid PRIMARY KEY, state text, created_at timestamptz)"
)
_INSERT = "INSERT INTO minimal_submission VALUES (%s, 'pending', now())"
_own = threading.local()  # the connections of each thread
# As long as the document that a read of a submission returns
_DOCUMENT = {
    "id": "019c0000-0000-7000-8000-000000000000",
    "state": "succeeded",
    "image": {"media_type": "image/jpeg", "size_bytes": 100_000},
    "detection_count": 3,
    "error": None,
    "created_at": "2026-01-02T03:04:05.678901Z",
    "started_at": "2026-01-02T03:04:05.678901Z",
    "completed_at": "2026-01-02T03:04:05.678901Z",
}


async def json_async(_request: HttpRequest) -> JsonResponse:
    """Return the document."""
    return JsonResponse(_DOCUMENT)


def json_sync(_request: HttpRequest) -> JsonResponse:
    """Return the document."""
    return JsonResponse(_DOCUMENT)


def insert(_request: HttpRequest) -> JsonResponse:
    """Insert a row, publish its id, and return it."""
    database, broker = _connections()
    key = uuid.uuid4()
    database.execute(_INSERT, (key,))
    broker.lpush(QUEUE, json.dumps({"id": str(key)}))
    return JsonResponse({"id": str(key), "state": "pending"}, status=202)


def _connections() -> tuple[Any, Any]:
    if not hasattr(_own, "both"):
        database = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        database.execute(_CREATE)
        _own.both = database, redis.Redis.from_url(os.environ["BROKER_URL"])
    found: tuple[Any, Any] = _own.both
    return found


_is_asynchronous = os.environ["INTERFACE"] == "asgi"
urlpatterns = [
    path("json", json_async if _is_asynchronous else json_sync),
    path("insert", insert),
]
application = ASGIHandler() if _is_asynchronous else WSGIHandler()
