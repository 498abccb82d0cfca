"""The DynamoDB table of accounts.

One account is two items: `account#<id>` holds what is shown of it, `email#<email>` what signing in
needs. Both are written in one transaction, each on the condition that it doesn't exist; so an email
belongs to one account despite races, and each read is one GetItem.
"""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings

from accounts.errors import EmailTaken, Unavailable
from accounts.models import Account, Credentials

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEY = "key"
_CONFLICT_ATTEMPTS = 4


# Short times, few tries: a caller is waiting, and a 503 after seconds is worth more to it than an
# response after a minute.
_FOR_CALLERS = Config(
    connect_timeout=1,
    read_timeout=2,
    retries={"mode": "standard", "total_max_attempts": 2},
    max_pool_connections=64,
)
_FOR_RELEASES = Config(
    connect_timeout=5, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 5}
)


@cache
def _client() -> "DynamoDBClient":
    return boto3.client("dynamodb", region_name=settings.AWS_REGION, config=_FOR_CALLERS)


def account_put(account: Account, *, password_hash: str) -> None:
    """Store a new account. Raises EmailTaken, or Unavailable."""
    created_at = account.created_at.isoformat()
    items = (
        {
            _KEY: {"S": f"account#{account.id}"},
            "email": {"S": account.email},
            "created_at": {"S": created_at},
        },
        {
            _KEY: {"S": f"email#{account.email}"},
            "account_id": {"S": str(account.id)},
            "password_hash": {"S": password_hash},
        },
    )
    for attempt in range(_CONFLICT_ATTEMPTS):
        if attempt:
            time.sleep(random.uniform(0.01, 0.05) * 2**attempt)  # noqa: S311 - jitter, no secret
        try:
            with _available():
                _client().transact_write_items(
                    TransactItems=[
                        {
                            "Put": {
                                "TableName": settings.ACCOUNTS_TABLE,
                                "Item": item,
                                "ConditionExpression": "attribute_not_exists(#key)",
                                "ExpressionAttributeNames": {"#key": _KEY},
                            }
                        }
                        for item in items
                    ]
                )
        except _Cancelled as cancelled:
            if "ConditionalCheckFailed" in cancelled.reasons:
                if _is_stored(account):
                    return  # an earlier attempt succeeded, and its response was lost
                raise EmailTaken from cancelled
            continue  # another transaction writes the same email
        return
    raise Unavailable


def account_find(*, account_id: UUID) -> Account | None:
    """Return the account, or None. Raises Unavailable."""
    item = _get(f"account#{account_id}")
    if item is None:
        return None
    return Account(
        id=account_id,
        email=item["email"],
        created_at=datetime.fromisoformat(item["created_at"]),
    )


def credentials_find(*, email: str) -> Credentials | None:
    """Return the credentials of an email, or None. Raises Unavailable."""
    item = _get(f"email#{email}")
    if item is None:
        return None
    return Credentials(account_id=UUID(item["account_id"]), password_hash=item["password_hash"])


def _is_stored(account: Account) -> bool:
    item = _get(f"email#{account.email}")
    return item is not None and item["account_id"] == str(account.id)


def table_check() -> None:
    """Return if the table can be read. Raises Unavailable."""
    _get("readiness")


def table_create() -> None:
    """Create the table unless it exists, and wait until it is active. Raises Unavailable."""
    client = boto3.client("dynamodb", region_name=settings.AWS_REGION, config=_FOR_RELEASES)
    with _available(tolerated="ResourceInUseException"):
        client.create_table(
            TableName=settings.ACCOUNTS_TABLE,
            KeySchema=[{"AttributeName": _KEY, "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": _KEY, "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    with _available():
        client.get_waiter("table_exists").wait(
            TableName=settings.ACCOUNTS_TABLE, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
        )


def _get(key: str) -> dict[str, str] | None:
    with _available():
        response = _client().get_item(
            TableName=settings.ACCOUNTS_TABLE, Key={_KEY: {"S": key}}, ConsistentRead=True
        )
    item = response.get("Item")
    return None if item is None else {name: value["S"] for name, value in item.items()}


class _Cancelled(Exception):
    """A transaction that DynamoDB cancelled, with its reason for each item."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


@contextmanager
def _available(*, tolerated: str = "") -> Iterator[None]:
    """Convert errors of DynamoDB and of the connection to it into Unavailable."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code == "TransactionCanceledException":
            reasons = error.response.get("CancellationReasons", [])
            raise _Cancelled([reason.get("Code", "") for reason in reasons]) from error
        if code != tolerated:
            raise Unavailable from error
    except BotoCoreError as error:
        raise Unavailable from error
