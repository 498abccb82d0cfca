"""Forged tokens, each made from a valid one; all must be refused."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

from joserfc import jwk, jws

_FAR_SECONDS = 3600


def encode(value: object) -> str:
    """Return the base64url of a JSON value, without padding."""
    return _base64url(json.dumps(value, separators=(",", ":")).encode())


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Return header, claims and signature, unverified."""
    header, claims, signature = token.split(".")
    return json.loads(_bytes(header)), json.loads(_bytes(claims)), signature


class Forger:
    """Forges tokens from a valid one and the public keys, as an attacker could."""

    def __init__(self, token: str, key_set: dict[str, Any]) -> None:
        self.token = token
        self.header, self.claims, self.signature = parts(token)
        keys = {key["kid"]: key for key in key_set["keys"]}
        self.public = keys[self.header["kid"]]
        self._own = jwk.generate_key("OKP", "Ed25519", {"kid": self.header["kid"]}, private=True)

    def unsigned(self, **header: object) -> str:
        """Return a token without a signature."""
        return f"{encode(self.header | header)}.{encode(self.claims)}."

    def hmac(self, secret: bytes, **header: object) -> str:
        """Return a token signed with HS256 and a publicly known secret."""
        head = {"alg": "HS256", "typ": "JWT"} | {"kid": self.header["kid"]} | header
        text = f"{encode(head)}.{encode(self.claims)}"
        return f"{text}.{_base64url(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"

    def own_key(self, *, header: dict[str, object] | None = None, **claims: object) -> str:
        """Return a token signed with the attacker's key. A claim that is None is left out."""
        kept = {name: value for name, value in (self.claims | claims).items() if value is not None}
        head = {"alg": "EdDSA", "typ": "JWT", "kid": self.header["kid"]} | (header or {})
        head = {name: value for name, value in head.items() if value is not None}
        registry = jws.JWSRegistry(algorithms=["EdDSA", "Ed25519"], strict_check_header=False)
        return jws.serialize_compact(head, json.dumps(kept), self._own, registry=registry)

    def own_public(self) -> dict[str, Any]:
        """Return the attacker's public key."""
        return dict(self._own.as_dict(private=False))

    def pem(self) -> bytes:
        """Return the target's public key as PEM."""
        key = jwk.import_key(self.public)
        return bytes(key.as_pem(private=False))  # type: ignore[union-attr]

    def with_claims(self, **claims: object) -> str:
        """Return other claims with the valid signature."""
        return f"{self.token.split('.')[0]}.{encode(self.claims | claims)}.{self.signature}"

    def flipped(self, part: int) -> str:
        """Return the token with one bit flipped in one of its parts."""
        pieces = self.token.split(".")
        raw = bytearray(_bytes(pieces[part]))
        raw[len(raw) // 2] ^= 1
        pieces[part] = _base64url(bytes(raw))
        return ".".join(pieces)


_now = time.time
ATTACKS: dict[str, Callable[[Forger], str]] = {
    "empty": lambda _: "",
    "garbage": lambda _: "garbage",
    "three-dots": lambda _: "...",
    "two-parts": lambda f: f.token.rpartition(".")[0],
    "signature-removed": lambda f: f.token.rpartition(".")[0] + ".",
    "signature-cut": lambda f: f.token[:-6],
    "a-part-more": lambda f: f"{f.token}.e30",
    "not-base64": lambda f: f"{f.token[:-2]}!!",
    "bit-of-header": lambda f: f.flipped(0),
    "bit-of-claims": lambda f: f.flipped(1),
    "bit-of-signature": lambda f: f.flipped(2),
    "other-subject": lambda f: f.with_claims(sub="00000000-0000-4000-8000-000000000000"),
    "longer-life": lambda f: f.with_claims(exp=int(_now()) + _FAR_SECONDS),
    "alg-none": lambda f: f.unsigned(alg="none"),
    "alg-None": lambda f: f.unsigned(alg="None"),
    "alg-NONE": lambda f: f.unsigned(alg="NONE"),
    "alg-missing": lambda f: f"{encode({'typ': 'JWT'})}.{encode(f.claims)}.{f.signature}",
    "alg-number": lambda f: f.unsigned(alg=1),
    "hs256-public-pem": lambda f: f.hmac(f.pem()),
    "hs256-public-raw": lambda f: f.hmac(_bytes(f.public["x"])),
    "hs256-public-jwk": lambda f: f.hmac(json.dumps(f.public).encode()),
    "hs256-public-x-text": lambda f: f.hmac(f.public["x"].encode()),
    "hs256-empty-secret": lambda f: f.hmac(b""),
    "kid-path": lambda f: f.hmac(b"", kid="../../../../dev/null"),
    "kid-sql": lambda f: f.hmac(b"x", kid="x' UNION SELECT 'x"),
    "kid-unknown": lambda f: f.own_key(header={"kid": "unknown"}),
    "kid-missing": lambda f: f.own_key(header={"kid": None}),
    "kid-object": lambda f: f.unsigned(kid={"a": 1}),
    "foreign-key": lambda f: f.own_key(),
    "foreign-key-wrong-issuer": lambda f: f.own_key(iss="https://attacker.example"),
    "foreign-key-wrong-audience": lambda f: f.own_key(aud="another audience"),
    "foreign-key-expired": lambda f: f.own_key(exp=int(_now()) - _FAR_SECONDS),
    "foreign-key-not-yet": lambda f: f.own_key(nbf=int(_now()) + _FAR_SECONDS),
    "foreign-key-no-expiry": lambda f: f.own_key(exp=None),
    "foreign-key-no-subject": lambda f: f.own_key(sub=None),
    "embedded-jwk": lambda f: f.own_key(header={"jwk": f.own_public()}),
    "critical-header": lambda f: f.own_key(header={"crit": ["b64"], "b64": False}),
    "claims-not-an-object": lambda f: f"{encode(f.header)}.{encode([1])}.{f.signature}",
    "very-long": lambda f: f"{f.token}{'A' * 5000}",
}


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
