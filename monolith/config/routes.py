"""The routes of the gateway: groups of requests, limits of their bodies, which may wait."""

import re
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings

_SMALL_BODY_BYTES = 64 * 1024
_ACCOUNTS_BODY_BYTES = 16 * 1024
_FRAMING_BYTES = 64 * 1024  # allowance for the multipart framing


class Group(StrEnum):
    """Requests that depend on the same backing services, and so stall together."""

    SIGN_IN = "sign-in"  # DynamoDB
    ACCOUNT = "account"  # DynamoDB and PostgreSQL
    SUBMISSIONS = "submissions"  # PostgreSQL
    OBJECTS = "objects"  # PostgreSQL and S3
    OTHER = "other"  # none
    READINESS = "readiness"
    WAITING = "waiting"  # the query of all submissions that clients wait for


# The largest fraction of the threads that each group may hold. While PostgreSQL stalls, all but
# the first together leave a quarter for sign-in; while DynamoDB stalls, the first two leave it
# for submissions; while S3 stalls, uploads and results leave the threads of other reads alone.
SHARES = {
    Group.SIGN_IN: 5 / 8,
    Group.ACCOUNT: 1 / 8,
    Group.SUBMISSIONS: 1 / 4,
    Group.OBJECTS: 3 / 8,
    Group.OTHER: 1.0,
}
# Each of these has a thread of its own in addition.
RESERVED = {Group.READINESS: 1 / 2, Group.WAITING: 1 / 2}


@dataclass(frozen=True, slots=True)
class Route:
    """The group and the limits of a path's requests.

    `body_bytes` is the maximum size of a body, and 0 where bodies aren't read.
    """

    group: Group
    body_bytes: int = 0
    upload_bytes: int = 0  # the same for multipart bodies
    upload_detail: str = ""  # the error text for a larger one
    token_needed: bool = False


_OTHER = Route(Group.OTHER)
_SUBMISSION = Route(Group.SUBMISSIONS)
_OBJECT = Route(Group.OBJECTS)
_POSTS = {
    "/api/v1/accounts": Route(Group.SIGN_IN, body_bytes=_ACCOUNTS_BODY_BYTES),
    "/api/v1/tokens": Route(Group.SIGN_IN, body_bytes=_ACCOUNTS_BODY_BYTES),
    "/api/v1/submissions": Route(
        Group.OBJECTS,
        body_bytes=_SMALL_BODY_BYTES,
        upload_bytes=settings.IMAGE_LIMITS.max_bytes + _FRAMING_BYTES,
        upload_detail=f"The image has more than {settings.IMAGE_LIMITS.max_bytes} bytes.",
        token_needed=True,
    ),
}
_PATHS = {
    "/api/v1/account": Route(Group.ACCOUNT),
    "/api/v1/submissions": _SUBMISSION,
    "/readyz": Route(Group.READINESS),
}
_SUBMISSIONS = "/api/v1/submissions/"
_OF_OBJECTS = ("/result", "/image")
_WAITABLE = re.compile(
    r"/api/v1/submissions/([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
)


def route_of(method: str, path: str) -> Route:
    """Return the route of a request."""
    if path.startswith(_SUBMISSIONS):
        return _OBJECT if method == "DELETE" or path.endswith(_OF_OBJECTS) else _SUBMISSION
    if method == "POST" and path in _POSTS:
        return _POSTS[path]
    return _PATHS.get(path, _OTHER)


def submission_of(method: str, path: str) -> str | None:
    """Return the id of the submission that is read, or None: only such reads can wait."""
    if method not in {"GET", "HEAD"}:
        return None
    found = _WAITABLE.fullmatch(path)
    return found[1].lower() if found else None
