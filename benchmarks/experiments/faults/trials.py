"""One trial of this experiment: what each of its faults did, and what was kept."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean

from benchmarks.experiments.faults.components import PROCESSES, SHARED_KINDS, Fault, fault_named
from benchmarks.experiments.faults.features import (
    Outcome,
    outcomes,
    submits,
)
from benchmarks.experiments.faults.kept_submissions import Kept, kept
from benchmarks.experiments.faults.slots import Slot
from benchmarks.experiments.faults.windows import Observation, observe
from benchmarks.experiments.runner.arms import MONOLITH, SERVICES
from benchmarks.experiments.runner.measured_trial import Trial

Measure = Callable[[Observation], float | None]
Weigh = Callable[["Faulted", Measure], float | None]


@dataclass(frozen=True, slots=True)
class Seen:
    """One fault of a trial, and what it did."""

    fault: Fault
    slot: Slot
    observation: Observation


@dataclass(frozen=True, slots=True)
class Faulted:
    """A trial with what its faults did, in the order in which they happened.

    `kept` is None where the stores were not looked into; `restarted` names what ended by itself.
    """

    trial: Trial
    architecture: str
    outcomes: tuple[Outcome, ...]
    seen: tuple[Seen, ...]
    kept: Kept | None
    restarted: tuple[str, ...]

    def of(self, process: str) -> Observation | None:
        """Return what the failure of a process did; None where it wasn't observed from calm on."""
        found = [it.observation for it in self.seen if it.fault.component.process == process]
        return found[0] if found and found[0].is_calm else None


def faulted(trial: Trial) -> Faulted:
    """Read a trial."""
    document = trial.document
    found = outcomes(trial.calls)
    windows = {it["step"]: it for it in document["windows"]}
    seen = []
    for note in document["actions"]:
        window = windows.get(note.get("step"))
        if "fault" not in note or "ended_at" not in note or window is None:
            continue
        slot = Slot(note["calm_from"], note["began_at"], note["ended_at"], window["ended_at"])
        seen.append(Seen(fault_named(note["fault"]), slot, observe(found, slot)))
    stores = [note["stores"] for note in document["actions"] if "stores" in note]
    return Faulted(
        trial=trial,
        architecture=str(document["architecture"]),
        outcomes=tuple(found),
        seen=tuple(seen),
        kept=kept(stores[0], submits(trial.calls)) if stores else None,
        restarted=tuple(it["restarted"] for it in document["actions"] if "restarted" in it),
    )


def each(trial: Faulted, measure: Measure) -> float | None:
    """Return the mean over all faults of the trial; None where one was not measured."""
    return _mean([_of(trial, it.fault.component.process, measure) for it in trial.seen])


def shared_kinds(trial: Faulted, measure: Measure) -> float | None:
    """Return the mean over the process types that both architectures have, equally weighted."""
    by_kind = [
        _mean([_of(trial, it.process, measure) for it in components])
        for components in (
            [it for it in PROCESSES[trial.architecture] if it.kind == kind] for kind in SHARED_KINDS
        )
    ]
    return _mean(by_kind)


def same_code(trial: Faulted, measure: Measure) -> float | None:
    """Return the mean over the services' process types, in either architecture.

    In the monolith the process that runs the same code stands for each, so the two sides fail at
    the same code equally often.
    """
    processes = [
        it.same_code if trial.architecture == MONOLITH else it.process for it in PROCESSES[SERVICES]
    ]
    return _mean([_of(trial, process, measure) for process in processes])


def _of(trial: Faulted, process: str, measure: Measure) -> float | None:
    observation = trial.of(process)
    return None if observation is None else measure(observation)


def _mean(values: list[float | None]) -> float | None:
    known = [it for it in values if it is not None]
    return fmean(known) if known and len(known) == len(values) else None
