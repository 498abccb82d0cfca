"""The committed results that a plan is made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from benchmarks.cost.operations import OperationCounts, read_counts
from benchmarks.cost.usage import Usage
from benchmarks.planning.calibration import SWEEP, load_factor, times_in
from benchmarks.planning.errors import PlanningError
from benchmarks.planning.route import ROUTES
from benchmarks.planning.service_times import WHOLE, ServiceTimes, Speed, service_times, speed
from benchmarks.repository import REPOSITORY
from benchmarks.results_model import reading
from benchmarks.results_model.arms import Arm
from benchmarks.results_model.experiments import ScalingResults
from benchmarks.results_model.recognizer import RecognizerResults
from benchmarks.results_model.request_profile import Counted, ProfileDocument, read_profile

RESULTS = REPOSITORY / "benchmarks" / "results"
PROFILE = "example-profile/profile.json"
RECOGNIZER = "example-recognizer/recognizer.json"
COUNTS = "example-cost/operations.json"
PLAN = "example-plan/plan.json"  # what `make plan INTO=…` made of all of these
# Two runs of one commit, the first of which the load factor is fitted on, and a longer run.
FITTED, SECOND, REFERENCE = "example-quick-1", "example-quick-2", "example"
RUNS: Mapping[str, str] = {
    REFERENCE: "example/results.json",
    FITTED: "example-quick-1/scaling/results.json",
    SECOND: "example-quick-2/scaling/results.json",
}


@dataclass(frozen=True, slots=True)
class Sources:
    """The documents, with the service times of one client and the fitted load factor."""

    profile: ProfileDocument
    counts: OperationCounts
    runs: Mapping[str, ScalingResults]
    times: Mapping[str, ServiceTimes]
    load_factor: float

    def times_in(self, run: str) -> dict[str, ServiceTimes]:
        """Return the service times on a run's machine under load, by architecture."""
        results = self.runs[run]
        fitted, factor = self.runs[FITTED], self.load_factor
        return {name: times_in(it, results, fitted, factor) for name, it in self.times.items()}

    def speeds(self, run: str) -> dict[str, Speed]:
        """Return how long a run's machine takes, by architecture."""
        return {
            name: speed(it, self.runs[run], self.runs[FITTED]) for name, it in self.times.items()
        }

    def counted(self, architecture: str) -> Counted:
        """Return what a submission was counted to do. Raises PlanningError if it wasn't."""
        counted = self.profile.kind(WHOLE).sides[architecture].counted
        if counted is None:
            raise PlanningError("The profile counted nothing: it was interrupted before.")
        return counted

    def load_arm(self, architecture: str) -> Arm:
        """Return an architecture's arm in the load sweep of the reference run."""
        for sweep in self.runs[REFERENCE].sweeps:
            for arm in sweep.arms:
                if (sweep.name, arm.name) == (SWEEP, architecture):
                    return arm
        raise PlanningError(f"The run {REFERENCE} has no load sweep of {architecture}.")

    def usage(self, architecture: str) -> Usage:
        """Return what the cost model takes: CPU time on the reference run's core, and memory."""
        return Usage(
            cpu_ms=self._cpu_ms(architecture),
            memory_bytes=memory_by_type(self.load_arm(architecture)),
            counts=self.counts.architectures[architecture],
        )

    def _cpu_ms(self, architecture: str) -> dict[str, float]:
        """Return CPU-ms of a submission by process type with its unit.

        Of the types of a kind, such as two web processes, all belongs to the one that the profile
        saw compute.
        """
        by_kind = self.times_in(REFERENCE)[architecture].by_process()
        dearest: dict[str, tuple[float, str]] = {}
        for process in self.profile.kind(WHOLE).sides[architecture].processes:
            kind = process.process.rpartition("-")[2]
            dearest[kind] = max(
                dearest.get(kind, (0.0, "")), (process.cpu_ms.mean, process.process)
            )
        return {name: by_kind[kind] for kind, (_, name) in dearest.items() if kind in by_kind}


def memory_by_type(arm: Arm) -> dict[str, float]:
    """Return the most bytes that a process of each type of the units held under load."""
    found: dict[str, float] = {}
    for process in arm.memory_by_process:
        if process.role == "unit":
            name = process.process.rpartition("-")[0]
            found[name] = max(found.get(name, 0.0), process.loaded_bytes)
    return found


def read_sources(results: Path = RESULTS) -> Sources:
    """Read all of them.

    Raises UnreadableProfile, UnreadableCounts, UnreadableResults or PlanningError for one that is
    missing, invalid or without what a plan needs.
    """
    profile = read_profile(results / PROFILE)
    recognizer = read_recognizer(results / RECOGNIZER)
    runs = {name: _scaling(results / path) for name, path in RUNS.items()}
    times = {name: service_times(profile, recognizer, name) for name in ROUTES}
    return Sources(
        profile=profile,
        counts=read_counts(results / COUNTS),
        runs=runs,
        times=times,
        load_factor=load_factor(times, runs[FITTED]),
    )


def _scaling(path: Path) -> ScalingResults:
    found = reading.read(path).results
    if not isinstance(found, ScalingResults):
        raise PlanningError(f"{path} has no results of the experiment scaling.")
    return found


def read_recognizer(path: Path) -> RecognizerResults:
    """Read the document. Raises PlanningError for one that is missing or invalid."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=RecognizerResults)
    except OSError as error:
        raise PlanningError(f"{path} can't be read: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PlanningError(f"{path} has no results of the recognizer: {error}.") from error
