"""Check that a target is running."""

import time
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import pytest

TIMEOUT_SECONDS = 5
# The browser uses no proxy either.
_DIRECT = build_opener(ProxyHandler({}))


def require_target(url: str) -> None:
    """End the run with one sentence if no server responds at the URL."""
    try:
        with _DIRECT.open(f"{url}/readyz", timeout=TIMEOUT_SECONDS):
            return
    except (URLError, OSError) as error:
        pytest.exit(
            f"No target responds at {url} ({error}). Start one with `make up`, or name another "
            "with --base-url; `pytest tests/states` needs none.",
            returncode=2,
        )


def wait_for(url: str, timeout_seconds: float = 10.0) -> None:
    """Wait until a server responds at the URL. Raises TimeoutError."""
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        try:
            with _DIRECT.open(url, timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    message = f"No server responds at {url}."
    raise TimeoutError(message)
