"""Secrets for the overlays `local`: made at random, printed, and kept in no file.

The namespace comes with them, since they are created before anything else. `production` has
secrets of the same names and keys, which the operator creates.
"""

import json
import secrets
from collections.abc import Mapping

from joserfc.jwk import KeySet, OKPKey

from manifests.render import LOCAL, Manifest, of_kind, render

KEYS_FILE = "signing-keys.json"
_S3_KEY, _S3_SECRET = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"
_VALKEY = "redis://valkey:6379"


def local(architecture: str) -> list[Manifest]:
    """Return the namespace of an architecture, and its secrets with new random values."""
    (namespace,) = of_kind(render(LOCAL, architecture), "Namespace").values()
    password = secrets.token_urlsafe(24)
    store = {_S3_KEY: secrets.token_hex(8), _S3_SECRET: secrets.token_urlsafe(24)}
    database = {"monolith": "monolith", "microservices": "submissions"}[architecture]
    database_url = f"postgresql://{database}:{password}@postgres:5432/{database}"
    backing = {
        "POSTGRES_PASSWORD": secrets.token_urlsafe(24),
        "UNIT_DATABASE": database,
        "UNIT_DATABASE_PASSWORD": password,
        "s3.json": _identities(store),
    }
    units = _units(database_url, store)[architecture]
    contents = {"backing": backing, **units}
    return [namespace, *(_secret(architecture, *it) for it in contents.items())]


def _units(database_url: str, store: Mapping[str, str]) -> dict[str, dict[str, dict[str, str]]]:
    """Return the secrets of each architecture's units. The databases of Valkey are Compose's."""
    return {
        "monolith": {
            "monolith": {
                "SECRET_KEY": secrets.token_urlsafe(48),
                "DATABASE_URL": database_url,
                "BROKER_URL": f"{_VALKEY}/0",
                "CACHE_URL": f"{_VALKEY}/1",
                **store,
            },
            "monolith-signing-keys": {KEYS_FILE: _signing_keys()},
        },
        "microservices": {
            "accounts": {
                "SECRET_KEY": secrets.token_urlsafe(48),
                "CACHE_URL": f"{_VALKEY}/3",
                **store,
            },
            "accounts-signing-keys": {KEYS_FILE: _signing_keys()},
            "submissions": {
                "SECRET_KEY": secrets.token_urlsafe(48),
                "DATABASE_URL": database_url,
                "BROKER_URL": f"{_VALKEY}/2",
                "CACHE_URL": f"{_VALKEY}/3",
                **store,
            },
            "recognition": {"BROKER_URL": f"{_VALKEY}/2", **store},
        },
    }


def _secret(namespace: str, name: str, values: Mapping[str, str]) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": namespace},
        "stringData": dict(values),
    }


def _identities(store: Mapping[str, str]) -> str:
    """Return the users of the local object store, as SeaweedFS reads them."""
    credentials = [{"accessKey": store[_S3_KEY], "secretKey": store[_S3_SECRET]}]
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    identity = {"name": "units", "credentials": credentials, "actions": actions}
    return json.dumps({"identities": [identity]})


def _signing_keys() -> str:
    """Return a private JWK set with one new key."""
    key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "EdDSA"}, auto_kid=True)
    return json.dumps(KeySet([key]).as_dict(private=True))
