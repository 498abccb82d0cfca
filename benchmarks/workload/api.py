"""The seam for another HTTP API: what its author implements. Imports nothing of Locust.

The harness loads what works in this way: a request hands in one unit of work and gets its id, the
work becomes final some time later, and a result can be read then. `docs/another-api.md` is the
recipe, `benchmarks/examples/job_queue.py` an example.
"""

import importlib.util
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

SUCCEEDED, FAILED = "succeeded", "failed"


class Calls(Protocol):
    """The requests of one flow: timed, counted and recorded, each as a row of the raw data.

    Every method raises the harness's own error for a response with another status than the expected
    one, after counting it as a failure; a task lets it pass.
    """

    def submit(
        self,
        path: str,
        *,
        json: Any,
        identify: Callable[[Mapping[str, Any]], Any],
        status: int = 202,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Submit one unit of work by POST; return the id that `identify` finds in the response."""

    def state(
        self, path: str, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Mapping[str, Any]:
        """GET how far a unit of work is; return the response's object."""

    def result(
        self, path: str, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Mapping[str, Any]:
        """GET the result of a unit of work; return the response's object."""

    def count(
        self, path: str, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Mapping[str, Any]:
        """GET how much the target holds; return the response's object."""


class Api(Protocol):
    """Readiness, tasks and counters of another API. One instance serves all simulated users.

    `poll_seconds` is the pause between two looks at a state, and so the error of a flow's latency;
    0 suits an API whose request for the state waits by itself.
    """

    poll_seconds: float

    def is_ready(self, base_url: str) -> bool:
        """Return whether the target can be loaded; called once for each target, before a run."""

    def submit(self, calls: Calls) -> str:
        """Submit one unit of work; return its id."""

    def state(self, calls: Calls, key: str) -> str:
        """Return `SUCCEEDED` or `FAILED` when the work is final, anything else before."""

    def read_result(self, calls: Calls, key: str) -> None:
        """Read the result of work that succeeded, or do nothing where there is none to read."""

    def count(self, calls: Calls) -> int:
        """Return how many units of work the target holds, of every state.

        Read before and after a trial: the difference must be what was accepted, or the trial is
        void. So nothing else may use the target meanwhile.
        """


def load_api(where: str) -> Api:
    """Load an API from `FILE.py:CLASS` and return an instance. ValueError, in a sentence."""
    file, colon, name = where.rpartition(":")
    path = Path(file).expanduser().absolute()
    if not colon or path.suffix != ".py":
        raise ValueError(f"API={where} names no class: give it as FILE.py:CLASS")
    spec = importlib.util.spec_from_file_location(f"another_api_{path.stem}", path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise ValueError(f"API={where}: there is no file {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    kind = getattr(module, name, None)
    if not isinstance(kind, type):
        raise ValueError(f"API={where}: {path} has no class {name}")
    if missing := [it for it in _MEMBERS if not hasattr(kind, it)]:
        raise ValueError(f"API={where}: {name} lacks {', '.join(missing)}")
    made: Api = kind()
    return made


_MEMBERS = ("poll_seconds", "is_ready", "submit", "state", "read_result", "count")
