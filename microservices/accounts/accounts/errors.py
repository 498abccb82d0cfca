"""The errors of accounts and tokens.

AccountsError
├── EmailTaken           409 email-taken
├── InvalidCredentials   401 invalid-credentials
├── Unauthenticated      401 unauthenticated
├── TooManyRequests      429 too-many-requests   (retryable)
└── Unavailable          503 unavailable         (retryable)

The codes are those of the contract's error list; the project's exception handler turns each into
RFC 9457 problem details.
"""


class AccountsError(Exception):
    """The base of all: a code, the HTTP status of the response, and texts for its reader."""

    code: str
    status: int
    title: str
    retryable: bool = False

    def __init__(self, detail: str, *, headers: dict[str, str] | None = None) -> None:
        """Keep `detail` for the client, and the response's headers."""
        super().__init__(detail)
        self.detail = detail
        self.headers = headers or {}
        self.errors: dict[str, list[str]] | None = None


class EmailTaken(AccountsError):
    """There is an account with this email already."""

    code = "email-taken"
    status = 409
    title = "Email taken"

    def __init__(self) -> None:
        super().__init__("There is an account with this email already.")


class InvalidCredentials(AccountsError):
    """The email is unknown or the password is wrong: the response doesn't distinguish them."""

    code = "invalid-credentials"
    status = 401
    title = "Invalid credentials"

    def __init__(self) -> None:
        super().__init__(
            "The email or the password is wrong.", headers={"WWW-Authenticate": "Bearer"}
        )


class Unauthenticated(AccountsError):
    """A bearer token that is not ours, has expired, or identifies a deleted account."""

    code = "unauthenticated"
    status = 401
    title = "Unauthenticated"

    def __init__(self) -> None:
        super().__init__(
            "A valid bearer token is needed.",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )


class TooManyRequests(AccountsError):
    """Sign-in failed too often, or too many accounts were created from one network."""

    code = "too-many-requests"
    status = 429
    title = "Too many requests"
    retryable = True

    def __init__(self, detail: str, *, retry_after_seconds: int) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after_seconds)})


class Unavailable(AccountsError):
    """A backing service can't be reached or is too busy."""

    code = "unavailable"
    status = 503
    title = "Unavailable"
    retryable = True

    def __init__(self, *, retry_after_seconds: int = 1) -> None:
        super().__init__(
            "Accounts can't be reached right now. Try again shortly.",
            headers={"Retry-After": str(retry_after_seconds)},
        )
