"""The target, and the image server."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.places import SHARED
from tests.target import require_target, wait_for
from tests.user import User

OWN_IMAGE_SERVER = ("127.0.0.1", int(os.environ.get("PORT_IMAGES") or 8079))
STOP_SECONDS = 10


@pytest.fixture(scope="session")
def site_url(pytestconfig: pytest.Config) -> str:
    url = str(pytestconfig.getoption("--base-url")).rstrip("/")
    require_target(url)
    return url


@pytest.fixture(scope="session")
def image_server(pytestconfig: pytest.Config) -> Iterator[str]:
    """Yield the URL of the image server, as the target reaches it."""
    given: str | None = pytestconfig.getoption("--image-server")
    if given:
        yield given.rstrip("/")
        return
    host, port = OWN_IMAGE_SERVER
    url = f"http://{host}:{port}"
    script = SHARED / "conformance" / "image_server.py"
    process = subprocess.Popen([sys.executable, str(script), "--host", host, "--port", str(port)])
    try:
        wait_for(f"{url}/livez")
        assert process.poll() is None, f"The image server can't be started at {url}."
        yield url
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


@pytest.fixture
def signed_up(user: User) -> User:
    """Return a user with a new account, signed in."""
    user.sign_up()
    return user
