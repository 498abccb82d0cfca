"""The routes of the gateway: groups of requests, limits of their bodies, which may wait."""

from dataclasses import dataclass
from enum import StrEnum

_ACCOUNTS_BODY_BYTES = 16 * 1024


class Group(StrEnum):
    """Requests that depend on the same backing services, and so stall together."""

    SIGN_IN = "sign-in"  # DynamoDB
    ACCOUNT = "account"  # DynamoDB and the submissions service
    OTHER = "other"  # none
    READINESS = "readiness"


# The largest fraction of the threads that each group may hold. While the submissions service
# stalls, the second group leaves three quarters for sign-in.
SHARES = {
    Group.SIGN_IN: 3 / 4,
    Group.ACCOUNT: 1 / 4,
    Group.OTHER: 1.0,
}
# It has a thread of its own in addition.
RESERVED = {Group.READINESS: 1.0}


@dataclass(frozen=True, slots=True)
class Route:
    """The group and the limits of a path's requests.

    `body_bytes` is the maximum size of a body, and 0 where bodies aren't read.
    """

    group: Group
    body_bytes: int = 0


_OTHER = Route(Group.OTHER)
_POSTS = {
    "/api/v1/accounts": Route(Group.SIGN_IN, body_bytes=_ACCOUNTS_BODY_BYTES),
    "/api/v1/tokens": Route(Group.SIGN_IN, body_bytes=_ACCOUNTS_BODY_BYTES),
}
_PATHS = {
    "/api/v1/account": Route(Group.ACCOUNT),
    "/readyz": Route(Group.READINESS),
}


def route_of(method: str, path: str) -> Route:
    """Return the route of a request."""
    if method == "POST" and path in _POSTS:
        return _POSTS[path]
    return _PATHS.get(path, _OTHER)
