"""What each process computes for a submission, call by call, from the committed profile.

The profile measured a whole submission (`submission-upload`) and its three calls apart. The whole
is the better sum, because its calls follow each other as users send them; the calls give the
shares. What the processes compute without any request is subtracted: the client sends one request
after the other and the core is always busy, so a submission takes as long as all that is computed
meanwhile. Where a recognizer is replaced by another one, the search for faces is left out of the
worker's time: what its samples call the recognizer, without the part in which an image is decoded
and encoded (`make recognizer`).
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.planning.errors import PlanningError
from benchmarks.planning.route import CALLS, EDGE, WAIT, WORKER
from benchmarks.results_model.experiments import ScalingResults
from benchmarks.results_model.recognizer import RecognizerResults
from benchmarks.results_model.request_profile import ProfileDocument, Side
from benchmarks.results_model.sweeps import FloorSweep

WHOLE, IDLE = "submission-upload", "idle"
EDGE_UNIT = "edge"
# The layers of the worker that do what the floor's loop does: fetch, detect, store.
SEARCH_LAYER, STORE_LAYER = "recognizer", "object store"
FLOOR_PROCESS, FLOOR_STORE = "floor-loop-1", "s3"
SIZE = "640"  # of the profile's image, at which `make recognizer` divided its time


@dataclass(frozen=True, slots=True)
class Speed:
    """How long a machine takes, by another one: for the search for faces, and for all else.

    Processors differ more in the first, which is arithmetic on vectors, than in the second.
    """

    search: float
    other: float


@dataclass(frozen=True, slots=True)
class ServiceTimes:
    """CPU-ms of one submission of one architecture.

    `cpu_ms` is by call, then by process type without its unit (`web`); `background_ms` is of a
    second without requests, by process type; `search_ms` is the worker's
    search for faces, and `floor_ms` its fetching, searching and storing: both are part of the
    worker's time.
    """

    cpu_ms: Mapping[str, Mapping[str, float]]
    background_ms: Mapping[str, float]
    search_ms: float
    floor_ms: float

    def of(self, process: str, call: str) -> float:
        """Return CPU-ms of a process for a call; 0 for one that takes no part in it."""
        return self.cpu_ms[call].get(process, 0.0)

    @property
    def total_ms(self) -> float:
        """Return CPU-ms of all processes for a submission."""
        return sum(ms for call in self.cpu_ms.values() for ms in call.values())

    @property
    def saturated_ms(self) -> float:
        """Return CPU-ms of a core that does nothing else, for each submission.

        Its share of the background is the more, the longer a submission takes.
        """
        return self.total_ms / (1 - sum(self.background_ms.values()) / 1000)

    def by_process(self) -> dict[str, float]:
        """Return CPU-ms of each process for a submission."""
        found: dict[str, float] = {}
        for call in self.cpu_ms.values():
            for process, ms in call.items():
                found[process] = found.get(process, 0.0) + ms
        return found

    def at_speed(self, speed: Speed) -> "ServiceTimes":
        """Return the times on a machine of another speed."""
        slower = {
            call: {process: ms * speed.other for process, ms in processes.items()}
            for call, processes in self.cpu_ms.items()
        }
        if self.search_ms:
            rest = max(0.0, self.of(WORKER, WAIT) - self.search_ms)
            slower[WAIT][WORKER] = rest * speed.other + self.search_ms * speed.search
        return ServiceTimes(
            cpu_ms=slower,
            background_ms={name: ms * speed.other for name, ms in self.background_ms.items()},
            search_ms=self.search_ms * speed.search,
            floor_ms=self.floor_ms * speed.search,
        )

    def without_search(self) -> "ServiceTimes":
        """Return the times with a recognizer that computes nothing."""
        waited = dict(self.cpu_ms[WAIT])
        waited[WORKER] = max(0.0, self.of(WORKER, WAIT) - self.search_ms)
        return dataclasses.replace(self, cpu_ms={**self.cpu_ms, WAIT: waited}, search_ms=0.0)


def service_times(
    profile: ProfileDocument, recognizer: RecognizerResults, architecture: str
) -> ServiceTimes:
    """Return the times that the profile measured. Raises PlanningError where one is missing."""
    try:
        whole = by_type(profile.kind(WHOLE).sides[architecture])
        idle = by_type(profile.kind(IDLE).sides[architecture])
        parts = {call: by_type(profile.kind(call).sides[architecture]) for call in CALLS}
    except KeyError as error:
        raise PlanningError(f"The profile has no {error.args[0]} of {architecture}.") from error
    layers = worker_layers(profile.kind(WHOLE).sides[architecture])
    if SEARCH_LAYER not in layers or STORE_LAYER not in layers:
        raise PlanningError("The profile has no layers of the worker: run it where py-spy may.")
    seconds = sum(whole.values()) / 1000
    net = {name: max(0.0, ms - idle.get(name, 0.0) * seconds) for name, ms in whole.items()}
    return ServiceTimes(
        cpu_ms=_distributed(net, parts),
        background_ms=idle,
        search_ms=layers[SEARCH_LAYER] * search_share(recognizer),
        floor_ms=layers[SEARCH_LAYER] + layers[STORE_LAYER],
    )


def by_type(side: Side) -> dict[str, float]:
    """Return the mean CPU-ms by process type without its unit; what serves the edge counts there.

    A mean below 0, which the kernel's ticks can give for what costs nothing, is 0.
    """
    found: dict[str, float] = {}
    for process in side.processes:
        name = EDGE if process.unit == EDGE_UNIT else process.process.rpartition("-")[2]
        found[name] = found.get(name, 0.0) + max(0.0, process.cpu_ms.mean)
    return found


def worker_layers(side: Side) -> Mapping[str, float]:
    """Return CPU-ms of each layer of the worker."""
    (found,) = (it.layers for it in side.processes if it.process.endswith(f"-{WORKER}"))
    return found


def search_share(recognizer: RecognizerResults) -> float:
    """Return the share of an image's time in which faces are searched, at the profile's size."""
    for image in recognizer.images:
        search, rest = image.recognize_ms.mean, image.normalize_ms.mean
        if (image.size, image.threads) == (SIZE, 1) and search and rest:
            return search / (search + rest)
    raise PlanningError(f"The recognizer's results have no image of {SIZE} pixels with one thread.")


def speed(times: ServiceTimes, run: ScalingResults, fitted: ScalingResults) -> Speed:
    """Return how long the run's machine takes: to search by the profile's, else by `fitted`'s.

    The floor does the same work in each run and belongs to no architecture, so it states a
    machine's speed without a look at what the run measured of either: its loop mostly searches,
    and the object store behind it doesn't. The profile has no floor; the loop's part of it is what
    its worker does in the same layers. Raises PlanningError for a run without a floor.
    """
    return Speed(
        search=_floor(run, FLOOR_PROCESS) / times.floor_ms,
        other=_floor(run, FLOOR_STORE) / _floor(fitted, FLOOR_STORE),
    )


def _floor(run: ScalingResults, name: str) -> float:
    """Return CPU-ms of a process of the floor for an image."""
    for sweep in run.sweeps:
        if isinstance(sweep, FloorSweep):
            for process in sweep.arms[0].cpu_by_process:
                if process.process == name:
                    return process.cpu_ms
    raise PlanningError("The run has no floor, which states its machine's speed.")


def _distributed(
    whole: Mapping[str, float], parts: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, float]]:
    """Divide the whole submission's times over its calls, in the shares of the calls apart."""
    found: dict[str, dict[str, float]] = {call: {} for call in CALLS}
    for process, ms in whole.items():
        known = {call: parts[call].get(process, 0.0) for call in CALLS}
        total = sum(known.values())
        for call in CALLS:
            share = known[call] / total if total else float(call == WAIT)
            if ms * share:
                found[call][process] = ms * share
    return found
