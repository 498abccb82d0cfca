"""What an account is. The rows lie in DynamoDB, so these are plain values and not Django models."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Account:
    """Who may submit images. `email` is normalized (see `emails`); `created_at` is in UTC."""

    id: UUID
    email: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signing in needs: whose the email is, and the hash to hold the password against."""

    account_id: UUID
    password_hash: str


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A signed token and the seconds for which it is good."""

    access_token: str
    expires_in_seconds: int


@dataclass(frozen=True, slots=True)
class AccountIdentity:
    """Who a verified token speaks for. No row is read to make one."""

    id: UUID
    is_authenticated: bool = True
