"""The load of a trial: the parts of each round in turn, each with its edges at rest."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from benchmarks import ports
from benchmarks.experiments.runner.arms import Arm
from benchmarks.experiments.runner.generator import Event
from benchmarks.experiments.runner.loads import make_load
from benchmarks.experiments.scaling.overhead.client import Body, Connection
from benchmarks.experiments.scaling.overhead.parts import PARTS, place_of
from benchmarks.experiments.scaling.overhead.requests import Requests
from benchmarks.targets.floor.references import start_references
from benchmarks.workload.schedule import Schedule

CONNECTIONS = max(part.connections for part in PARTS)
# The load runs within the harness, whose CPU time each window has; its steps are closed.
NO_GENERATOR = {"cpu_share": 0.0, "cpu_ms": 0.0, "lag_p99_ms": 0.0, "lag_max_ms": 0.0}
NO_ARRIVALS = {"offered": 0, "started": 0, "shed": 0}
NOTHING_ELSE = {
    "unfinished": [],
    "answers_lost": 0,
    "errors": 0,
    "shed": 0,
    "account_submissions": None,
    "target_clock_skew_ms": None,
}


def make_scaling_load(arm: Arm, target: Any, **options: Any) -> Any:
    """Make the load of an arm's trial, a context manager with `events`."""
    return OverheadLoad(arm, target, **options) if arm.beside else make_load(arm, target, **options)


class OverheadLoad:
    """Goes through the schedule, with the floor's loop and the minimal endpoints beside."""

    def __init__(
        self, arm: Arm, target: Any, *, schedule: Schedule, image: Path, **_unused: Any
    ) -> None:
        self._arm = arm
        self._target = target
        self._schedule = schedule
        self._image = image
        self._stack = ExitStack()

    def events(self) -> Iterator[Event]:
        """Yield the marks of each part. Raises what a request or the floor's loop fails with."""
        ahead = time.time() - time.monotonic()
        requests = self._prepared()
        for part in PARTS:
            requests.warm_up(part)
        for index, step in enumerate(self._schedule.steps):
            number, part = place_of(index)
            with requests.around(part):
                yield Event("window-start", {"step": index})
                done = requests.run(part, step.window_seconds)
                about = {"part": part.name, "round": number, **done.to_json()}
                yield Event("window-end", {"step": index, **NO_GENERATOR, **NO_ARRIVALS, **about})
            shown = {"label": f"{part.name}, round {number}", "measured": True, "errors": 0}
            yield Event("progress", {"step": index, **shown, "succeeded": requests.accepted})
        drift_ms = abs(time.time() - time.monotonic() - ahead) * 1000
        counts = {"accepted": requests.accepted, "succeeded": requests.succeeded}
        yield Event("drained", {**NOTHING_ELSE, **counts, "wall_drift_ms": drift_ms})

    def _prepared(self) -> Requests:
        """Start the references and the server of the image, and connect to all of them."""
        port = ports.configured("images")
        self._target.start_image_server(port)
        references = start_references(self._target, settings=self._arm.settings, image=self._image)
        self._stack.callback(references.close)
        url, base_url = f"http://127.0.0.1:{port}/{self._image.name}", self._target.base_url
        connect = self._stack.enter_context
        return Requests(
            self._target,
            self._arm.architecture,
            references,
            image_url=url,
            bodies=(Body.of_upload(self._image), Body.of_url(url)),
            connections=[connect(Connection(base_url)) for _ in range(CONNECTIONS)],
            minimal={it: connect(Connection(at)) for it, at in references.urls.items()},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        """Close the connections; the references end with the target."""
        self._stack.close()
