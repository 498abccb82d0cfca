"""A target that somebody else deployed: all that is known of it is its address.

Nobody deploys it anew, reads its processes or counts its rows; its own API counts them.
"""

from collections.abc import Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Any, Self
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

from benchmarks.experiments.engine.errors import UsageError
from benchmarks.workload import checks
from benchmarks.workload.api import load_api

PATIENCE_SECONDS = 10.0
# As the load and the conformance suite: a proxy is no part of what is measured.
_DIRECT = build_opener(ProxyHandler({}))


class ExternalTarget:
    """The face of a `Target` over an address."""

    def __init__(self, base_url: str, run_dir: Path) -> None:
        self.base_url = base_url
        self.run_dir = run_dir

    def sample(self) -> list[Any]:
        """Nothing: its processes can't be seen."""
        return []

    def sample_companions(self) -> list[Any]:
        """Nothing either: it has none of ours."""
        return []

    def counts(self) -> None:
        """Nothing: its stores can't be looked into."""

    def counters(self) -> None:
        """Nothing either."""

    def scale_all(self, counts: Mapping[str, int]) -> None:
        """Refuse: it isn't ours."""
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
        message = f"{name}={url} is no address: say it as http://127.0.0.1:8080."
        raise UsageError(message) from error


def check_ready(name: str, url: str, api: str) -> str:
    """The same for a target with another API, which knows itself when it is ready.

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
    """The address without a slash at its end, if something answers `/readyz` there with 200.

    Raises UsageError with what to do.
    """
    base = check_url(name, url)
    try:
        with _DIRECT.open(f"{base}/readyz", timeout=PATIENCE_SECONDS):
            return base
    except HTTPError as error:
        raise UsageError(f"{name}: {base}/readyz answered {error.code}, not 200.") from error
    except HTTPException as error:
        raise UsageError(f"{name}: what answers at {base} doesn't speak HTTP.") from error
    except OSError as error:
        reason = getattr(error, "reason", error)
        raise UsageError(
            f"{name}: nothing is ready at {base}/readyz ({reason}). Start the target first."
        ) from error
