"""Bearer authentication for DRF, without a database query."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.errors import Unauthenticated
from accounts.models import AccountIdentity
from accounts.tokens import token_verify

_PARTS = 2  # the scheme and the token


def identity_of(authorization: str) -> tuple[AccountIdentity, str] | None:
    """Return the account that an Authorization header identifies, and the token's text.

    None if there is no bearer token. Raises Unauthenticated for an invalid one.
    """
    parts = authorization.split()
    if not parts or parts[0].lower() != "bearer":
        return None
    if len(parts) != _PARTS or not parts[1].isascii():
        raise Unauthenticated
    return token_verify(parts[1]), parts[1]


class BearerAuthentication(BaseAuthentication):
    """Sets `request.user` to an AccountIdentity and `request.auth` to the token's text."""

    def authenticate(self, request: Request) -> tuple[AccountIdentity, str] | None:
        """Return None without a bearer token. Raises Unauthenticated for an invalid one."""
        return identity_of(request.META.get("HTTP_AUTHORIZATION", ""))

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - DRF's signature
        """Return the value of WWW-Authenticate, so that DRF responds with 401 and not 403."""
        return "Bearer"


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The security scheme in the OpenAPI schema."""

    target_class = BearerAuthentication
    name = "bearer"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:  # noqa: ARG002
        """Return the OpenAPI security scheme."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
