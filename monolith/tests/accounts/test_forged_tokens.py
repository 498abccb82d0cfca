"""Forged, modified and expired tokens."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey

from accounts.errors import Unauthenticated
from accounts.keys import public_key_set, signing_keys
from accounts.tokens import token_issue, token_verify

pytestmark = pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")


def _claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    claims = {
        "iss": settings.TOKEN_ISSUER,
        "aud": settings.TOKEN_AUDIENCE,
        "sub": str(uuid4()),
        "iat": now,
        "exp": now + 60,
    } | changes
    return {name: value for name, value in claims.items() if value is not None}


def _own_key() -> OKPKey:
    key = signing_keys().keys[0]
    assert isinstance(key, OKPKey)
    return key


def _signed(claims: dict[str, Any], **header: Any) -> str:
    key = _own_key()
    return jwt.encode({"alg": "EdDSA", "kid": key.kid} | header, claims, key, algorithms=["EdDSA"])


def _raw(header: Any, signature: bytes = b"") -> str:
    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    return ".".join(
        (part(json.dumps(header).encode()), part(json.dumps(_claims()).encode()), part(signature))
    )


def _with_public_key_as_secret() -> str:
    public = public_key_set()["keys"][0]
    secret = OctKey.import_key(json.dumps(public))
    return jwt.encode({"alg": "HS256", "kid": public["kid"]}, _claims(), secret)


def _by_foreign_key(**header: Any) -> str:
    key = OKPKey.generate_key("Ed25519")
    return jwt.encode(
        {"alg": "EdDSA", "kid": _own_key().kid} | header, _claims(), key, algorithms=["EdDSA"]
    )


def _with_its_own_key_inside() -> str:
    key = OKPKey.generate_key("Ed25519")
    header = {"alg": "EdDSA", "kid": _own_key().kid, "jwk": key.as_dict(private=False)}
    return jwt.encode(header, _claims(), key, algorithms=["EdDSA"])


def _by_another_curve() -> str:
    key = ECKey.generate_key("P-256")
    return jwt.encode({"alg": "ES256", "kid": _own_key().kid}, _claims(), key)


def _flipped() -> str:
    text = _signed(_claims())
    header, claims, signature = text.split(".")
    return f"{header}.{claims}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


def _without_kid() -> str:
    return jwt.encode({"alg": "EdDSA"}, _claims(), _own_key(), algorithms=["EdDSA"])


FORGERIES: dict[str, Callable[[], str]] = {
    "alg none": lambda: _raw({"alg": "none"}),
    "alg none with kid": lambda: _raw({"alg": "none", "kid": _own_key().kid}),
    "public key as secret": _with_public_key_as_secret,
    "foreign key": _by_foreign_key,
    "key inside": _with_its_own_key_inside,
    "key elsewhere": lambda: _by_foreign_key(jku="http://127.0.0.1:9/keys"),
    "certificate elsewhere": lambda: _by_foreign_key(x5u="http://127.0.0.1:9/cert"),
    "kid is a path": lambda: _signed(_claims(), kid="../../../../dev/null"),
    "kid is unknown": lambda: _signed(_claims(), kid="another"),
    "kid is a number": lambda: _raw({"alg": "EdDSA", "kid": 7}),
    "no kid": _without_kid,
    "another algorithm": _by_another_curve,
    "bit flipped": _flipped,
    "wrong issuer": lambda: _signed(_claims(iss="another")),
    "wrong audience": lambda: _signed(_claims(aud="another")),
    "no issuer": lambda: _signed(_claims(iss=None)),
    "no audience": lambda: _signed(_claims(aud=None)),
    "no subject": lambda: _signed(_claims(sub=None)),
    "no expiry": lambda: _signed(_claims(exp=None)),
    "subject is no id": lambda: _signed(_claims(sub="admin")),
    "subject is a number": lambda: _signed(_claims(sub=7)),
    "expired": lambda: _signed(_claims(exp=int(time.time()) - 10)),
    "expiry is a text": lambda: _signed(_claims(exp="never")),
    "not yet": lambda: _signed(_claims(nbf=int(time.time()) + 60)),
    "critical extension": lambda: _raw({"alg": "EdDSA", "crit": ["x"], "x": 1}),
    "header is a list": lambda: _raw(["alg"]),
    "claims are a list": lambda: "e30.W10.e30",
    "huge": lambda: "a" * 300_000 + ".b.c",
    "empty": lambda: "",
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_token_is_refused(name: str) -> None:
    with pytest.raises(Unauthenticated):
        token_verify(FORGERIES[name]())


def test_every_flipped_bit_of_a_signature_shows() -> None:
    header, claims, signature = token_issue(account_id=uuid4()).access_token.split(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    for position in range(0, len(raw) * 8, 7):
        bent = bytearray(raw)
        bent[position // 8] ^= 1 << position % 8
        text = base64.urlsafe_b64encode(bytes(bent)).rstrip(b"=").decode()
        with pytest.raises(Unauthenticated):
            token_verify(f"{header}.{claims}.{text}")


def test_the_forger_himself_can_make_good_tokens() -> None:
    """Without the changes of the tests above the token is valid."""
    claims = _claims()
    assert str(token_verify(_signed(claims)).id) == claims["sub"]
