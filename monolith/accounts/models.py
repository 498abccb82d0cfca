"""Accounts and tokens as plain values: the rows are in DynamoDB, not in Django models."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Account:
    """An account. `email` is normalized (see `emails`); `created_at` is in UTC."""

    id: UUID
    email: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Credentials:
    """The account id and password hash of an email, for sign-in."""

    account_id: UUID
    password_hash: str


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A signed token and its lifetime in seconds."""

    access_token: str
    expires_in_seconds: int


@dataclass(frozen=True, slots=True)
class AccountIdentity:
    """The account that a verified token identifies. Made without a database read."""

    id: UUID
    is_authenticated: bool = True
