"""Secrets of one deployment: new for each one, removed with its folder."""

import base64
import json
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def write_signing_keys(path: Path) -> None:
    """Write a private JWK set with one Ed25519 key, readable by this user only."""
    key = Ed25519PrivateKey.generate()
    jwk = {
        "kty": "OKP",
        "crv": "Ed25519",
        "use": "sig",
        "alg": "EdDSA",
        "kid": secrets.token_hex(8),
        "d": _base64url(key.private_bytes_raw()),
        "x": _base64url(key.public_key().public_bytes_raw()),
    }
    path.touch(mode=0o600)
    path.write_text(json.dumps({"keys": [jwk]}))


def secret() -> str:
    """Return a new random secret of 256 bits as text."""
    return secrets.token_urlsafe(32)


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
