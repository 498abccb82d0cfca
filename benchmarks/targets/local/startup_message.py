"""The message of `make up`: URL, sample account, and a command line to paste."""

import secrets

import httpx

from backing import StartError
from backing.state import RunState

# Relative to the root of the repository, where the line is pasted.
PHOTOGRAPH = "shared/fixtures/images/group.jpg"
SAMPLE_EMAIL = "sample@example.com"


def create_sample_account(base_url: str) -> tuple[str, str]:
    """Create the sample account; return email and password. StartError if it is refused."""
    password = secrets.token_urlsafe(12)
    body = {"email": SAMPLE_EMAIL, "password": password}
    response = httpx.post(f"{base_url}/api/v1/accounts", json=body, timeout=10, trust_env=False)
    if response.status_code != httpx.codes.CREATED:
        reason = f"{response.status_code} {response.text[:300]}"
        message = f"{base_url} refused the sample account: {reason}"
        raise StartError(message)
    return SAMPLE_EMAIL, password


def startup_message(state: RunState) -> str:
    """Return the message for one target, from its state."""
    base, email, password = (str(state.facts[key]) for key in ("base_url", "email", "password"))
    credentials = f'{{"email":"{email}","password":"{password}"}}'
    token = (
        f"$(curl -s {base}/api/v1/tokens -H 'Content-Type: application/json' -d '{credentials}'"
        """ | sed -E 's/.*"access_token": ?"([^"]+)".*/\\1/')"""
    )
    bearer = f'-H "Authorization: Bearer {token}"'
    submit = f"curl -s {base}/api/v1/submissions {bearer} -F image=@{PHOTOGRAPH}"
    return (
        f"\n{state.facts['architecture']}: {base}\n"
        f"  the web page    {base}/\n"
        f"  sample account  {email} / {password}\n"
        f"  submit an image:\n{submit}\n"
    )
