"""Bearer authentication for DRF, without a database query."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from accounts.errors import Unauthenticated
from accounts.models import AccountIdentity
from accounts.tokens import token_verify

_PARTS = 2  # the scheme and the token


class BearerAuthentication(BaseAuthentication):
    """Sets `request.user` to an AccountIdentity and `request.auth` to the token's text."""

    def authenticate(self, request: Request) -> tuple[AccountIdentity, str] | None:
        """Return None without a bearer token. Raises Unauthenticated for an invalid one."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != _PARTS:
            raise Unauthenticated
        try:
            text = parts[1].decode("ascii")
        except UnicodeDecodeError as error:
            raise Unauthenticated from error
        return token_verify(text), text

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
