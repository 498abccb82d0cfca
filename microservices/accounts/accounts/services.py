"""What changes accounts: signing up and signing in."""

from datetime import UTC, datetime
from uuid import uuid4

from accounts import table, throttling
from accounts.errors import InvalidCredentials
from accounts.models import AccessToken, Account
from accounts.passwords import password_hash, password_verify
from accounts.tokens import token_issue


def account_create(*, email: str, password: str) -> Account:
    """Creates an account for a normalized email and a checked password.

    Raises EmailTaken, and Unavailable if DynamoDB can't be had.
    """
    account = Account(id=uuid4(), email=email, created_at=datetime.now(UTC))
    table.account_put(account, password_hash=password_hash(password))
    return account


def token_create(*, email: str, password: str, client_address: str) -> AccessToken:
    """Signs in. An unknown email takes as long as a wrong password and fails the same way.

    Raises InvalidCredentials, TooManyRequests, and Unavailable if DynamoDB can't be had.
    """
    throttling.sign_in_admit(email=email, client_address=client_address)
    credentials = table.credentials_find(email=email)
    hashed = credentials.password_hash if credentials else None
    if not password_verify(password, hashed=hashed) or credentials is None:
        throttling.sign_in_failed(email=email, client_address=client_address)
        raise InvalidCredentials
    return token_issue(account_id=credentials.account_id)
