"""Access tokens: EdDSA-signed JWTs, verified locally with the public keys."""

import copy
import time
from uuid import UUID

from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key
from joserfc.jws import JWSRegistry, extract_compact

from accounts.errors import Unauthenticated
from accounts.keys import ALGORITHM, signing_keys
from accounts.models import AccessToken, AccountIdentity
from accounts.verified_tokens import SignedToken, VerifiedTokens

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
_verified = VerifiedTokens()


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
        signed = _verified.find(text)
        if signed is None or _key(signed.kid) is not signed.key:
            signed = _signed(text)
            _verified.keep(text, signed)
        _claims().validate(signed.claims)
        return AccountIdentity(id=UUID(signed.claims["sub"]))
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Unauthenticated from error


def _signed(text: str) -> SignedToken:
    """Verify the signature with the key that the token names. Raises Unauthenticated, JoseError."""
    kid = extract_compact(text.encode(), registry=_registry).headers()["kid"]
    if not isinstance(kid, str):
        raise Unauthenticated
    key = _key(kid)
    return SignedToken(kid, key, jwt.decode(text, key, registry=_registry).claims)


def _key(kid: str) -> Key:
    """Return the current key of that name. Raises InvalidKeyIdError, a JoseError."""
    return signing_keys().get_by_kid(kid, {"alg": ALGORITHM, "use": "sig"})


def _claims() -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        leeway=_LEEWAY_SECONDS,
        iss={"essential": True, "value": settings.TOKEN_ISSUER},
        aud={"essential": True, "value": settings.TOKEN_AUDIENCE},
        sub={"essential": True},
        exp={"essential": True},
    )
