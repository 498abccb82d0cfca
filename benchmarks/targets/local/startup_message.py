"""What `make up` tells a person: where it is, who to be, and a line to paste."""

import secrets

import httpx

from backing import StartError
from backing.state import RunState

# Relative to the root of the repository, where the line is pasted.
PHOTOGRAPH = "shared/fixtures/images/group.jpg"
SAMPLE_EMAIL = "sample@example.com"


def create_sample_account(base_url: str) -> tuple[str, str]:
    """Create the sample account; returns email and password. StartError when it is refused."""
    password = secrets.token_urlsafe(12)
    body = {"email": SAMPLE_EMAIL, "password": password}
    answer = httpx.post(f"{base_url}/api/v1/accounts", json=body, timeout=10, trust_env=False)
    if answer.status_code != httpx.codes.CREATED:
        message = f"{base_url} refused the sample account: {answer.status_code} {answer.text[:300]}"
        raise StartError(message)
    return SAMPLE_EMAIL, password


def greet(state: RunState) -> str:
    """The text for one target."""
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
