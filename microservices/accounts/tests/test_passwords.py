"""Password rules and hashes."""

import threading
import time

import pytest
from django.core.exceptions import ValidationError

from accounts import passwords
from accounts.errors import Unavailable
from accounts.passwords import password_check, password_hash, password_verify
from tests.conftest import DUMMY_PASSWORD


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "at least 10"),
        ("123456789", "at least 10"),
        ("x" * 129, "at most 128"),
        ("1234567890", "too common"),
        ("QWERTYUIOP", "too common"),
        ("ada.lovelace", "similar to the email"),
        ("ada.lovelace@example.org", "similar to the email"),
        ("Ada.Lovelace1815", "similar to the email"),
    ],
)
def test_passwords_that_are_refused(password: str, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        password_check(password, email="ada.lovelace@example.org")


@pytest.mark.parametrize(
    "password", ["difference engine no 2", "pässwörter sind hier gut", "🙂" * 10, "x" * 127 + "y"]
)
def test_passwords_that_are_taken(password: str) -> None:
    password_check(password, email="ada.lovelace@example.org")


def test_a_short_local_part_is_no_reason() -> None:
    password_check("abracadabra!", email="a@b.example")


@pytest.mark.usefixtures("_real_hashes")
def test_hashes_are_argon2id_with_salts_of_their_own() -> None:
    hashes = {password_hash("difference engine no 2") for _ in range(2)}
    assert len(hashes) == 2
    assert all(hashed.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$") for hashed in hashes)
    assert all(password_verify("difference engine no 2", hashed=hashed) for hashed in hashes)
    assert not any(password_verify("difference engine no 3", hashed=hashed) for hashed in hashes)


def test_one_password_from_two_keyboards() -> None:
    hashed = password_hash("pa\u0308sswo\u0308rter sind gut")
    assert password_verify("p\u00e4ssw\u00f6rter sind gut", hashed=hashed)


def test_no_password_matches_without_an_account() -> None:
    assert password_verify(DUMMY_PASSWORD, hashed=passwords._DUMMY_HASH)
    assert not password_verify(DUMMY_PASSWORD, hashed=None)


def test_more_sign_ins_than_can_be_hashed_get_retry_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(passwords, "_SLOT_WAIT_SECONDS", 0.2)
    monkeypatch.setattr(passwords, "_slots", threading.BoundedSemaphore(1))
    with passwords.hashing_slot():
        begun = time.monotonic()
        with pytest.raises(Unavailable):
            password_hash("difference engine no 2")
        assert time.monotonic() - begun < 4  # the default is 5 s
    assert password_hash("difference engine no 2")
