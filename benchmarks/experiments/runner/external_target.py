"""A target that was deployed by other means: all that is known of it is its URL.

The harness doesn't deploy it, read its processes or count its rows; its own API counts them.
"""

from collections.abc import Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Any, Self
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

from benchmarks.experiments.runner.errors import UsageError
from benchmarks.workload import checks
from benchmarks.workload.api import load_api

PATIENCE_SECONDS = 10.0
# As the load and the conformance suite: a proxy is no part of what is measured.
_DIRECT = build_opener(ProxyHandler({}))


class ExternalTarget:
    """A `Target` of which only the URL is known."""

    def __init__(self, base_url: str, run_dir: Path) -> None:
        self.base_url = base_url
        self.run_dir = run_dir

    def sample(self) -> list[Any]:
        """Return nothing: its processes can't be read."""
        return []

    def sample_companions(self) -> list[Any]:
        """Return nothing: it has none of the harness."""
        return []

    def counts(self) -> None:
        """Return nothing: its stores can't be read."""

    def counters(self) -> None:
        """Return nothing, for the same reason."""

    def scale_all(self, counts: Mapping[str, int]) -> None:
        """Refuse: an external target can't be scaled."""
        raise NotImplementedError(f"{', '.join(counts)}: an external target can't be scaled")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        """Leave it as it is."""


def check_url(name: str, url: str) -> str:
    """Return the base URL without slashes at its end. UsageError: it is none."""
    try:
        return checks.base_url(url)
    except ValueError as error:
        message = f"{name}={url} is no URL: give it as http://127.0.0.1:8080."
        raise UsageError(message) from error


def check_ready(name: str, url: str, api: str) -> str:
    """Return the URL without slashes at its end, if the target is ready by its own API.

    Raises UsageError, also where the API can't be loaded.
    """
    base = check_url(name, url)
    try:
        ready = load_api(api).is_ready(base)
    except ValueError as error:
        raise UsageError(f"{error}.") from error
    if not ready:
        raise UsageError(f"{name}: {base} is not ready, by {api}. Start the target first.")
    return base


def check_address(name: str, url: str) -> str:
    """Return the URL without slashes at its end, if `/readyz` responds there with 200.

    Raises UsageError that names what to do.
    """
    base = check_url(name, url)
    try:
        with _DIRECT.open(f"{base}/readyz", timeout=PATIENCE_SECONDS):
            return base
    except HTTPError as error:
        raise UsageError(f"{name}: {base}/readyz responds with {error.code}, not 200.") from error
    except HTTPException as error:
        raise UsageError(f"{name}: what responds at {base} isn't HTTP.") from error
    except OSError as error:
        reason = getattr(error, "reason", error)
        raise UsageError(
            f"{name}: nothing is ready at {base}/readyz ({reason}). Start the target first."
        ) from error


def deployed_targets(target_a: str, target_b: str, api: str = "") -> tuple[str, str] | None:
    """Check and return the two URLs; None if neither is given. UsageError for one alone.

    `api` is the API that they have, where that isn't the image flow's.
    """
    if not target_a and not target_b:
        return None
    if not (target_a and target_b):
        raise UsageError("Give both TARGET_A and TARGET_B, or neither.")
    if api:
        return check_ready("TARGET_A", target_a, api), check_ready("TARGET_B", target_b, api)
    return check_address("TARGET_A", target_a), check_address("TARGET_B", target_b)
