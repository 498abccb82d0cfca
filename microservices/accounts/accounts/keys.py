"""The signing keys: a private JWK set in a file. The first key signs, all of them verify.

To rotate without a refused token: append the new key, wait until every verifier has read the
public set again, move the new key to the front, and drop the old one when its last token has
expired. The file is read again when it changes; no process needs a restart.
"""

import json
import logging
import os
import tempfile
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization, OKPKey

ALGORITHM = "EdDSA"
_CURVE: Final = "Ed25519"

logger = logging.getLogger(__name__)


class _Loaded(NamedTuple):
    path: Path
    signature: tuple[int, int, int]
    keys: KeySet


_lock = Lock()
_loaded: _Loaded | None = None


def signing_keys() -> KeySet:
    """Return the private keys, read again if the file has changed since the last call.

    While the file can't be read, the keys that were read before stay in use. Raises
    ImproperlyConfigured if the first read fails.
    """
    global _loaded  # noqa: PLW0603 - one cache for the process
    path = Path(settings.TOKEN_SIGNING_KEYS_FILE)
    with _lock:
        before = _loaded if _loaded is not None and _loaded.path == path else None
        try:
            signature = _signature(path)
            if before is not None and before.signature == signature:
                return before.keys
            keys = _read(path)
        except (OSError, ValueError, KeyError, TypeError, JoseError) as error:
            if before is None:
                message = f"TOKEN_SIGNING_KEYS_FILE: no usable key set in {path}: {error}"
                raise ImproperlyConfigured(message) from error
            logger.exception("can't read the signing keys again; the old ones stay in use")
            return before.keys
        _loaded = _Loaded(path, signature, keys)
        return keys


def public_key_set() -> KeySetSerialization:
    """Return the JWK set of the public keys."""
    return signing_keys().as_dict(private=False)


def signing_keys_ensure() -> None:
    """Check that there are keys; create them in development and tests, never in production.

    Only a process that serves the API needs them. Raises ImproperlyConfigured if the file is
    broken or, in production, missing.
    """
    signing_keys_create()
    signing_keys()


def signing_keys_create() -> None:
    """Create the keys if there are none, in development and tests."""
    path = Path(settings.TOKEN_SIGNING_KEYS_FILE)
    if not path.exists() and settings.ENVIRONMENT != "production":
        _create(path)


def _signature(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_ino, status.st_mtime_ns, status.st_size


def _read(path: Path) -> KeySet:
    document = json.loads(path.read_text(encoding="utf-8"))
    keys = KeySet.import_key_set(document)
    for key in keys:
        if not isinstance(key, OKPKey) or not key.is_private or key.curve_name != _CURVE:
            message = f"every key must be a private {_CURVE} key"
            raise ValueError(message)
    return keys


def _create(path: Path) -> None:
    """Write a new key, readable by the owner only; the first of several racing processes wins."""
    key = OKPKey.generate_key(_CURVE, {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(KeySet([key]).as_dict(private=True), file)
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
