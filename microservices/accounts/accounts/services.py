"""Change accounts: sign-up and sign-in."""

from datetime import UTC, datetime
from uuid import uuid4

from accounts import table, throttling
from accounts.errors import InvalidCredentials, Unavailable
from accounts.models import AccessToken, Account
from accounts.passwords import hashing_slot, password_hash, password_verify
from accounts.tokens import token_issue


def account_create(*, email: str, password: str, client_address: str) -> Account:
    """Create an account for a normalized email and a valid password.

    Raises EmailTaken, TooManyRequests, and Unavailable if DynamoDB can't be reached or too many
    passwords are being hashed.
    """
    reservation = throttling.sign_up_reserve(client_address=client_address)
    account = Account(id=uuid4(), email=email, created_at=datetime.now(UTC))
    try:
        table.account_put(account, password_hash=password_hash(password))
    except Unavailable:
        reservation.give_back()
        raise
    return account


def token_create(*, email: str, password: str, client_address: str) -> AccessToken:
    """Sign in. An unknown email takes as long as a wrong password and fails the same way.

    Raises InvalidCredentials, TooManyRequests, and Unavailable if DynamoDB can't be reached or too
    many passwords are being hashed.
    """
    # A refused attempt costs neither a read of the table nor a slot.
    throttling.sign_in_check(email=email, client_address=client_address)
    credentials = table.credentials_find(email=email)
    with hashing_slot():
        # Counted within the slot: no more attempts are pending than hashes are computed, so
        # parallel sign-ins with the right password don't refuse each other.
        reservation = throttling.sign_in_reserve(email=email, client_address=client_address)
        hashed = credentials.password_hash if credentials else None
        right = password_verify(password, hashed=hashed)
    if not right or credentials is None:
        raise InvalidCredentials
    reservation.give_back()
    return token_issue(account_id=credentials.account_id)
