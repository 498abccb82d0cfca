"""Limits of failed sign-ins, and of accounts created from one client network.

An attempt is counted before its password is verified, and the count is undone if it succeeds, so
parallel attempts can't pass a limit. Failures of one account count per client network, so an
attacker exhausts the attempts of their own network and not those of the account's owner; a higher
limit applies to all networks together. Every window expires.
"""

import hashlib
from collections.abc import Sequence

from django.conf import settings

from accounts.addresses import client_network
from accounts.attempt_counts import Limit, Refusal, Reservation, attempt_counts
from accounts.errors import TooManyRequests

_SIGN_IN_REFUSED = "Sign-in has failed too often. Try again later."
_SIGN_UP_REFUSED = "Too many accounts were created from this network. Try again later."


def sign_in_check(*, email: str, client_address: str) -> None:
    """Raise TooManyRequests if sign-in has failed too often. Counts nothing."""
    refusal = attempt_counts().check(
        _sign_in_limits(email, client_address), window_seconds=settings.SIGN_IN_WINDOW_SECONDS
    )
    if refusal is not None:
        raise TooManyRequests(_SIGN_IN_REFUSED, retry_after_seconds=refusal.retry_after_seconds)


def sign_in_reserve(*, email: str, client_address: str) -> Reservation:
    """Count an attempt to sign in; undo it if the attempt succeeds. Raises TooManyRequests."""
    found = attempt_counts().reserve(
        _sign_in_limits(email, client_address), window_seconds=settings.SIGN_IN_WINDOW_SECONDS
    )
    if isinstance(found, Refusal):
        raise TooManyRequests(_SIGN_IN_REFUSED, retry_after_seconds=found.retry_after_seconds)
    return found


def sign_up_reserve(*, client_address: str) -> Reservation:
    """Count an attempt to create an account; undo it if no hash was computed for it.

    Raises TooManyRequests.
    """
    network = client_network(client_address)
    found = attempt_counts().reserve(
        [Limit(f"sign-up:address:{network}", settings.SIGN_UPS_PER_ADDRESS)],
        window_seconds=settings.SIGN_UP_WINDOW_SECONDS,
    )
    if isinstance(found, Refusal):
        raise TooManyRequests(_SIGN_UP_REFUSED, retry_after_seconds=found.retry_after_seconds)
    return found


def _sign_in_limits(email: str, client_address: str) -> Sequence[Limit]:
    # Hashed, so that the cache holds no email, and keys no unusual characters.
    account = hashlib.sha256(email.encode()).hexdigest()
    network = client_network(client_address)
    return (
        Limit(f"sign-in:account:{account}:{network}", settings.SIGN_IN_FAILURES_PER_ACCOUNT),
        Limit(f"sign-in:account:{account}", settings.SIGN_IN_FAILURES_PER_ACCOUNT_TOTAL),
        Limit(f"sign-in:address:{network}", settings.SIGN_IN_FAILURES_PER_ADDRESS),
    )
