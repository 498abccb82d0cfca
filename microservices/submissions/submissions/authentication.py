"""Bearer tokens, verified here with the public keys of the accounts service."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry, extract_compact
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from submissions.errors import Unauthenticated
from submissions.keys import ALGORITHM, public_key, public_key_at_hand
from submissions.verified_tokens import SignedToken, VerifiedTokens

_LEEWAY_SECONDS = 5
# The key of the identity that the gateway has verified. Headers get HTTP_ names in the environment,
# so no client can set it.
IDENTITY_KEY = "flow.identity"
_PARTS = 2  # the scheme and the token


@dataclass(frozen=True, slots=True)
class AccountIdentity:
    """The account that a verified token identifies."""

    id: UUID
    is_authenticated: bool = True


def identity_of(authorization: str, *, at_hand: bool = False) -> tuple[AccountIdentity, str] | None:
    """Return the account that an Authorization header identifies, and the token's text.

    None if there is no bearer token. Raises Unauthenticated for an invalid one. With `at_hand` it
    makes no request, and raises KeysNotAtHand where the accounts service has to be called.
    """
    parts = authorization.split()
    if not parts or parts[0].lower() != "bearer":
        return None
    if len(parts) != _PARTS or not parts[1].isascii():
        raise Unauthenticated
    return token_verify(parts[1], at_hand=at_hand), parts[1]


class BearerAuthentication(BaseAuthentication):
    """Sets `request.user` to an AccountIdentity and `request.auth` to the token's text."""

    def authenticate(self, request: Request) -> tuple[AccountIdentity, str] | None:
        """Return None without a bearer token. Raises Unauthenticated for an invalid one."""
        verified: tuple[AccountIdentity, str] | None = request.META.get(IDENTITY_KEY)
        return verified or identity_of(request.META.get("HTTP_AUTHORIZATION", ""))

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


def _registry_of_one() -> JWSRegistry:
    """Return a registry with one algorithm, so that a token's header can't choose another."""
    # RFC 9864 prefers the name "Ed25519" for "EdDSA" with these keys. The contract names EdDSA and
    # the keys admit one curve only, so the library's warning is not useful here.
    algorithm = copy.copy(JWSRegistry.algorithms[ALGORITHM])
    algorithm.security_warning = None
    registry = JWSRegistry(algorithms=[ALGORITHM])
    registry.algorithms = {ALGORITHM: algorithm}
    return registry


_registry = _registry_of_one()
_verified = VerifiedTokens()


def token_verify(text: str, *, at_hand: bool = False) -> AccountIdentity:
    """Return the account that the token identifies.

    Raises Unauthenticated for any token that the issuer hasn't signed for this audience, that
    lacks a claim, that has expired or is not valid yet; Unavailable without any keys;
    KeysNotAtHand as `identity_of`.
    """
    find = public_key_at_hand if at_hand else public_key
    try:
        signed = _verified.find(text)
        if signed is None or find(signed.kid) is not signed.key:
            signed = _signed(text, find)
            _verified.keep(text, signed)
        _claims().validate(signed.claims)
        return AccountIdentity(id=UUID(signed.claims["sub"]))
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Unauthenticated from error


def _signed(text: str, find: Callable[[str], OKPKey | None]) -> SignedToken:
    """Verify the signature with the key that the token names. Raises Unauthenticated, JoseError."""
    kid = extract_compact(text.encode(), registry=_registry).headers()["kid"]
    key = find(kid) if isinstance(kid, str) else None
    if key is None:
        raise Unauthenticated
    return SignedToken(kid, key, jwt.decode(text, key, registry=_registry).claims)


def _claims() -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        leeway=_LEEWAY_SECONDS,
        iss={"essential": True, "value": settings.TOKEN_ISSUER},
        aud={"essential": True, "value": settings.TOKEN_AUDIENCE},
        sub={"essential": True},
        exp={"essential": True},
    )
