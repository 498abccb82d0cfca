"""Access tokens: EdDSA-signed JWTs, verified locally with the public keys."""

import copy
import time
from uuid import UUID

from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry

from accounts.errors import Unauthenticated
from accounts.keys import ALGORITHM, signing_keys
from accounts.models import AccessToken, AccountIdentity

_LEEWAY_SECONDS = 5


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


def token_issue(*, account_id: UUID) -> AccessToken:
    """Return a token for the account, valid for TOKEN_LIFETIME_SECONDS."""
    key = signing_keys().keys[0]
    now = int(time.time())
    lifetime_seconds: int = settings.TOKEN_LIFETIME_SECONDS
    text = jwt.encode(
        {"alg": ALGORITHM, "kid": key.kid},
        {
            "iss": settings.TOKEN_ISSUER,
            "aud": settings.TOKEN_AUDIENCE,
            "sub": str(account_id),
            "iat": now,
            "exp": now + lifetime_seconds,
        },
        key,
        registry=_registry,
    )
    return AccessToken(access_token=text, expires_in_seconds=lifetime_seconds)


def token_verify(text: str) -> AccountIdentity:
    """Return the account that the token identifies. Reads nothing but the keys.

    Raises Unauthenticated for any token that this issuer hasn't signed for this audience, that
    lacks a claim, that has expired or is not valid yet.
    """
    try:
        token = jwt.decode(text, signing_keys(), registry=_registry)
        if "kid" not in token.header:
            raise Unauthenticated
        _claims().validate(token.claims)
        return AccountIdentity(id=UUID(token.claims["sub"]))
    except (JoseError, ValueError, TypeError) as error:
        raise Unauthenticated from error


def _claims() -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        leeway=_LEEWAY_SECONDS,
        iss={"essential": True, "value": settings.TOKEN_ISSUER},
        aud={"essential": True, "value": settings.TOKEN_AUDIENCE},
        sub={"essential": True},
        exp={"essential": True},
    )
