"""Make one component of a loaded target fail at a time, and record when.

A killed process is started again when the failure is over, a stalled one is continued. A process
that ends by itself, at any time, is started again after `RESTART_SECONDS`, as a platform's
supervisor would do. Both are the same for both architectures.
"""

import signal
import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

from benchmarks.experiments.faults.components import KILL, Fault, fault_named
from benchmarks.experiments.faults.kept_submissions import is_settled
from benchmarks.experiments.runner.arms import Action, Arm

RESTART_SECONDS = 1.0
LOOK_SECONDS = 0.5
SETTLE_SECONDS = 60.0  # longer than a lease that a killed worker leaves behind
LONGEST_SECONDS = 100.0
CALM_LOOK_SECONDS = 0.2
FEW_ERRORS = 1
FEW_UNDER_WAY = 3


class Runs(Protocol):
    """A process of a target; `backing.Process` is one."""

    @property
    def name(self) -> str:
        """Unique within the target."""

    @property
    def alive(self) -> bool:
        """Whether it runs, stalled or not."""


class FaultTarget(Protocol):
    """What is needed of a target to make it fail; `benchmarks.targets.Target` is one."""

    @property
    def processes(self) -> Iterable[Runs]:
        """All that should run."""

    def find(self, name: str) -> Iterable[Runs]:
        """Find the processes of a name or type."""

    def kill(self, process: str, number: signal.Signals = ...) -> None:
        """Send a signal to the processes of a name or type and all below them."""

    def restart(self, process: str) -> None:
        """Start them again and wait until they are ready."""

    def inventory(self, *, read_results: bool = False) -> Any:
        """Read what the stores hold (`benchmarks.targets.measure.inventory.Inventory`)."""


@dataclass
class Caretaker:
    """Restart what ended by itself, but not what is `held` by a fault."""

    target: FaultTarget
    notes: list[dict[str, Any]]
    held: set[str] = field(default_factory=set)
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look."""
        self._thread = threading.Thread(target=self._look, name="caretaker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End; return when no process is being started any more."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(LONGEST_SECONDS)

    def _look(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            ended = [it.name for it in self.target.processes if not it.alive]
            for name in [it for it in ended if it not in self.held]:
                if self._over.wait(RESTART_SECONDS) or name in self.held:
                    continue
                note: dict[str, Any] = {"restarted": name, "at": time.monotonic()}
                self.notes.append(note)
                try:
                    self.target.restart(name)
                except Exception as error:  # noqa: BLE001 - it is tried again at the next look
                    note["failed"] = f"{type(error).__name__}: {error}"


@dataclass
class Health:
    """What the load's progress shows of the target: new errors, and submissions under way."""

    seen: deque[tuple[float, int, int]] = field(default_factory=lambda: deque(maxlen=200))

    def note(self, at: float, fields: Mapping[str, Any]) -> None:
        """Take a progress event."""
        under_way = fields["accepted"] - fields["succeeded"]
        self.seen.append((at, fields["errors"], under_way))

    def is_calm(self, now: float, calm_seconds: float) -> bool:
        """Return whether the last `calm_seconds` had few errors, and few submissions are under way.

        A target without any progress event counts as calm.
        """
        recent = [it for it in self.seen if it[0] >= now - calm_seconds]
        if not recent:
            return True
        errors = recent[-1][1] - recent[0][1]
        return errors <= FEW_ERRORS and recent[-1][2] <= FEW_UNDER_WAY


class FaultActor:
    """Make components fail beside the load of a trial; `notes` gets an entry for each fault.

    `actions` hold when a failure begins, when it ends, and when it begins at the latest, in seconds
    from its window's start: while an earlier failure still shows, it waits until then.
    """

    def __init__(
        self, target: Any, arm: Arm, actions: Sequence[Action], notes: list[dict[str, Any]]
    ) -> None:
        self._target: FaultTarget = target
        self._faults = [fault_named(name) for name in arm.faults]
        self._calm, ends, self._latest = (action.at_seconds for action in actions)
        self._lasts = ends - self._calm
        self._health = Health()
        self._notes = notes
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._caretaker = Caretaker(self._target, notes)

    def begin(self, step: int) -> None:
        """Begin the window of a fault."""
        thread = threading.Thread(
            target=self._fail, args=(self._faults[step], step, time.monotonic()), daemon=True
        )
        self._threads.append(thread)
        thread.start()

    def progress(self, fields: Mapping[str, Any]) -> None:
        """Take the load's progress."""
        self._health.note(time.monotonic(), fields)

    def _wait_for_calm(self, start: float) -> bool:
        """Wait for the failure's begin; False if the load is over before."""
        if self._over.wait(max(0.0, start + self._calm - time.monotonic())):
            return False
        while time.monotonic() < start + self._latest:
            if self._health.is_calm(time.monotonic(), self._calm):
                return True
            if self._over.wait(CALM_LOOK_SECONDS):
                return False
        return True

    def _fail(self, fault: Fault, step: int, start: float) -> None:
        if not self._wait_for_calm(start):
            return
        process, began = fault.component.process, time.monotonic()
        note: dict[str, Any] = {"fault": fault.name, "step": step, "began_at": began}
        note["calm_from"] = began - self._calm
        self._notes.append(note)
        names = {it.name for it in self._target.find(process)}
        self._caretaker.held |= names
        try:
            self._target.kill(process, signal.SIGKILL if fault.how == KILL else signal.SIGSTOP)
            self._over.wait(max(0.0, began + self._lasts - time.monotonic()))
            note["ended_at"] = time.monotonic()
            if fault.how == KILL:
                self._target.restart(process)
            else:
                self._target.kill(process, signal.SIGCONT)
            note["back_at"] = time.monotonic()
        except Exception as error:  # noqa: BLE001 - shown where the trial is judged
            note["problem"] = f"{type(error).__name__}: {error}"
        finally:
            self._caretaker.held -= names

    def __enter__(self) -> Self:
        """Begin to look after what ends by itself."""
        self._caretaker.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_exception: object) -> None:
        """End every failure; after a load that came to its end, write down what the stores hold."""
        self._over.set()
        for thread in self._threads:
            thread.join(LONGEST_SECONDS)
        if kind is None:
            self._notes.append({"stores": self._settled()})
        self._caretaker.stop()

    def _settled(self) -> dict[str, Any]:
        """Return the stores' contents, when all is final or the time is up."""
        deadline = time.monotonic() + SETTLE_SECONDS
        stores = _stores(self._target.inventory())
        while not is_settled(stores) and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)
            stores = _stores(self._target.inventory())
        return _stores(self._target.inventory(read_results=True))


def _stores(inventory: Any) -> dict[str, Any]:
    return {
        "rows": {key: row.state for key, row in inventory.rows.items()},
        **{name: list(getattr(inventory, name)) for name in ("results", "images", "uploads")},
        "strays": list(inventory.strays),
        "documents": dict(inventory.documents),
    }
