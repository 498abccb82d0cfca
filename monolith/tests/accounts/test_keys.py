"""The key file: several keys, rotation without a restart, no generated keys in production."""

import json
from base64 import urlsafe_b64decode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from joserfc.jwk import ECKey, KeySet, OKPKey
from pytest_django import Settings

from accounts.errors import Unauthenticated
from accounts.keys import public_key_set, signing_keys, signing_keys_ensure
from accounts.tokens import token_issue, token_verify


@pytest.fixture
def key_file(tmp_path: Path, settings: Settings) -> Path:
    path = tmp_path / "keys.json"
    settings.TOKEN_SIGNING_KEYS_FILE = str(path)
    return path


def _write(path: Path, *keys: OKPKey | ECKey) -> None:
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(KeySet(list(keys)).as_dict(private=True)))
    temporary.replace(path)


def _key() -> OKPKey:
    return OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "EdDSA"}, auto_kid=True)


def test_rotation_refuses_no_token(key_file: Path) -> None:
    old, new = _key(), _key()
    _write(key_file, old)
    before = token_issue(account_id=uuid4()).access_token

    _write(key_file, old, new)
    assert [key["kid"] for key in public_key_set()["keys"]] == [old.kid, new.kid]
    token_verify(before)

    _write(key_file, new, old)
    after = token_issue(account_id=uuid4()).access_token
    assert json.loads(_header(after))["kid"] == new.kid
    token_verify(before)
    token_verify(after)

    _write(key_file, new)
    token_verify(after)
    with pytest.raises(Unauthenticated):
        token_verify(before)


def _header(token: str) -> bytes:
    return urlsafe_b64decode(token.partition(".")[0] + "==")


@pytest.mark.parametrize("content", ["", "{", "{}", '{"keys": []}', '{"keys": [{"kty": "OKP"}]}'])
def test_a_file_that_breaks_while_it_is_replaced_keeps_the_old_keys(
    key_file: Path, content: str
) -> None:
    _write(key_file, _key())
    token = token_issue(account_id=uuid4()).access_token
    key_file.write_text(content)
    token_verify(token)
    token_issue(account_id=uuid4())
    key_file.unlink()
    token_verify(token)


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"keys": 7}', '{"keys": [{"kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0"}]}'],
)
def test_a_broken_file_at_the_start_is_refused(key_file: Path, content: str) -> None:
    key_file.write_text(content)
    with pytest.raises(ImproperlyConfigured, match="TOKEN_SIGNING_KEYS_FILE"):
        signing_keys_ensure()


def test_keys_that_cannot_sign_are_refused(key_file: Path) -> None:
    key_file.write_text(json.dumps(KeySet([_key()]).as_dict(private=False)))
    with pytest.raises(ImproperlyConfigured, match="private Ed25519"):
        signing_keys()
    _write(key_file, ECKey.generate_key("P-256", auto_kid=True))
    with pytest.raises(ImproperlyConfigured, match="private Ed25519"):
        signing_keys()


def test_production_makes_no_keys(key_file: Path, settings: Settings) -> None:
    settings.ENVIRONMENT = "production"
    with pytest.raises(ImproperlyConfigured, match="TOKEN_SIGNING_KEYS_FILE"):
        signing_keys_ensure()
    assert not key_file.exists()


def test_racing_processes_make_one_key(key_file: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: signing_keys_ensure(), range(8)))
    assert len(json.loads(key_file.read_text())["keys"]) == 1
    assert list(key_file.parent.iterdir()) == [key_file]
    assert key_file.stat().st_mode & 0o077 == 0
    (public,) = public_key_set()["keys"]
    assert public["kid"]
