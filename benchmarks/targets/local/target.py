"""A target made of local processes: scale, kill, sample and count them.

`deployment.deploy` creates one.
"""

import dataclasses
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import psutil

from backing import Process, ProcessSpec, Supervisor
from backing.functions import EnvironmentStart, read_starts
from benchmarks.targets.architectures import REPOSITORY
from benchmarks.targets.local import readiness
from benchmarks.targets.local.edge import Edge, url
from benchmarks.targets.local.launcher import (
    DRAIN_SECONDS,
    READY_SECONDS,
    Launcher,
    serve,
    type_of,
    withdraw,
)
from benchmarks.targets.local.placement import Placement
from benchmarks.targets.local.settings import Deployment
from benchmarks.targets.measure.counters import Counters
from benchmarks.targets.measure.inventory import Counts, Inventory, take_inventory
from benchmarks.targets.measure.process_samples import ProcessSample, ended_sample, take_samples
from benchmarks.targets.releases.rollout import Releaser

# The stores are removed with the target, so its units have nothing to finish; they only close
DISCARDED_SECONDS = 0.5


class Mounted(Protocol):
    """Disks that are unmounted when the target stops."""

    def unmount(self) -> None:
        """Detach all disks."""


class Target:
    """A deployed architecture. Process types are `<unit>-<type>`, processes `<unit>-<type>-<n>`.

    `kill` and `restart` take either name, `scale` takes the type's. Backing services and the edge
    are processes too: postgres, valkey, s3, dynamodb, edge.
    """

    def __init__(
        self,
        deployment: Deployment,
        launcher: Launcher,
        edge: Edge,
        placement: Placement,
        mounts: Mounted | None = None,
    ) -> None:
        self.architecture = deployment.architecture
        self.arch = deployment.architecture.name
        self._deployment = deployment
        self._launcher = launcher
        self._edge = edge
        self._placement = placement
        self._mounts = mounts
        self._supervisor = deployment.supervisor
        self._meter = deployment.meter()
        self._scaling = threading.Lock()

    @property
    def base_url(self) -> str:
        """Return the URL of the edge, without a path."""
        return url(self._placement.read())

    @property
    def run_dir(self) -> Path:
        """Return the folder of logs, data and state."""
        return self._supervisor.run_dir

    @property
    def supervisor(self) -> Supervisor:
        """Return the supervisor of the target's processes."""
        return self._supervisor

    @property
    def processes(self) -> tuple[Process, ...]:
        """Return all processes that should run now (one that was killed is still listed)."""
        return tuple(self._supervisor.processes.values())

    def find(self, name: str) -> tuple[Process, ...]:
        """Return the processes of this name or type; KeyError if there is none."""
        found = [p for p in self.processes if name in (p.name, p.name.rpartition("-")[0])]
        if not found:
            known = ", ".join(process.name for process in self.processes)
            message = f"no process {name}; there are {known}"
            raise KeyError(message)
        return tuple(found)

    def sample(self) -> list[ProcessSample]:
        """Return CPU time (ms since the deployment) and memory of every process on its cores.

        One that was stopped is still listed, with what it had used until its stop signal.
        Companions and what was deployed apart are left out.
        """
        ended = tuple(self._supervisor.ended)
        running = take_samples(p for p in self.processes if not self._is_beside(p))
        return running + [
            ended_sample(process, cpu_ms)
            for process, cpu_ms in ended
            if not self._is_beside(process)
        ]

    def sample_companions(self) -> list[ProcessSample]:
        """Return CPU time and memory of the others: companions, and what was deployed apart.

        Only the role of the former is "companion".
        """
        return take_samples(p for p in self.processes if self._is_beside(p))

    def _is_beside(self, process: Process) -> bool:
        """Return whether a process doesn't run on the target's cores."""
        is_apart = bool({process.name, type_of(process.name)} & self._deployment.apart.keys())
        return is_apart or process.spec.role == "companion"

    def releaser(self) -> Releaser:
        """Return a releaser, which brings other versions of the units into service."""
        return Releaser(
            self.architecture, self._supervisor, self._launcher, self._edge, self._placement
        )

    def counters(self) -> Counters:
        """Return what the backing services have counted since the deployment. Never raises."""
        return self._meter.read()

    def kill(
        self, process: str, number: signal.Signals = signal.SIGKILL, *, descendants: bool = True
    ) -> None:
        """Send a signal to the processes of this name or type, with all below them."""
        for found in self.find(process):
            self._supervisor.kill(found, number, descendants=descendants)

    def kill_children(self, process: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to all below the processes of this name or type, but not to themselves."""
        for found in self.find(process):
            self._supervisor.kill_children(found, number)

    def restart(self, process: str) -> None:
        """Restart the processes of this name or type (on the same port) and wait for them."""
        for found in self.find(process):
            self._supervisor.restart(found)

    def scale(self, process: str, count: int) -> float:
        """Bring a process type to `count` processes; see `scale_all`."""
        return self.scale_all({process: count})

    def scale_all(self, counts: Mapping[str, int]) -> float:
        """Bring process types to these numbers of processes, all at once; the edge follows.

        Return the seconds until all new ones served (were ready and, for web processes, upstreams
        of the edge), 0 if there were none. A process that is removed finishes its work first.
        ValueError below one, and for too few database connections; then nothing has changed.
        """
        if any(count < 1 for count in counts.values()):
            message = "scale to one process or more"
            raise ValueError(message)
        with self._scaling:
            running = {found.name: found for process in counts for found in self.find(process)}
            began = time.monotonic()
            fresh = [
                started
                for process, count in counts.items()
                for started in self._launcher.start_more(process, count, running=running)
            ]
            self._supervisor.wait_ready(*fresh)
            surplus = [
                found
                for process, count in counts.items()
                for found in _of_type(running.values(), process)[count:]
            ]
            with self._placement.changing() as placed:
                serve(placed, fresh)
                left = withdraw(placed, [found.name for found in surplus])
                if any(process.endswith("-web") for process in counts):
                    self._edge.route_to(self._launcher.upstreams(placed))
            seconds = time.monotonic() - began
            self._edge.wait_left(left, placed, timeout_seconds=DRAIN_SECONDS)
            self._supervisor.stop(*surplus, grace_seconds=DRAIN_SECONDS)
            return seconds if fresh else 0.0

    def start_image_server(self, port: int) -> None:
        """Serve the fixtures and every bad behaviour of a web server on this port."""
        folder = REPOSITORY / "shared" / "conformance"
        command = (sys.executable, "image_server.py", "--host", "127.0.0.1", "--port", str(port))
        process = self._supervisor.start(
            ProcessSpec(
                name="image-server",
                unit="image-server",
                role="companion",
                command=command,
                directory=folder,
                ready=readiness.responds_ok(f"http://127.0.0.1:{port}/status/200"),
            )
        )
        self._supervisor.wait_ready(process)

    def store_environment(self) -> dict[str, str]:
        """Return the settings with which the database and the object store can be read."""
        return self._deployment.store_environment()

    def broker_environment(self) -> dict[str, str]:
        """Return the setting with which the broker can be read."""
        return self._deployment.backing.broker_environment()

    def queue_environment(self) -> dict[str, str]:
        """Return the settings with which the function and its queues can be read and changed.

        KeyError if a worker makes the attempts.
        """
        return self._deployment.queue_environment()

    def function_pids(self) -> list[int]:
        """Return the ids of the function's environments. KeyError as for `queue_environment`."""
        (emulator,) = self.find("lambda")
        return [found.pid for found in psutil.Process(emulator.pid).children()]

    def function_starts(self) -> list[EnvironmentStart]:
        """Return the starts of the function's environments since the deployment."""
        (emulator,) = self.find("lambda")
        return read_starts(emulator.log)

    def inventory(self, *, read_results: bool = False) -> Inventory:
        """Return all rows and objects; with `read_results`, the results' submissions too."""
        return take_inventory(self.store_environment(), read_results=read_results)

    def counts(self) -> Counts:
        """Return the numbers of rows and objects."""
        return self.inventory().counts()

    def flush_broker(self) -> None:
        """Empty the broker and the cache, as a fault."""
        self._deployment.backing.flush_broker()

    def wait_ready(self, timeout_seconds: float = READY_SECONDS) -> None:
        """Wait until every process is ready, and the edge returns 200 for /readyz."""
        waiting = [
            dataclasses.replace(p.spec, ready_seconds=timeout_seconds) for p in self.processes
        ]
        for process, spec in zip(self.processes, waiting, strict=True):
            process.spec = spec
        self._supervisor.wait_ready(*self.processes)

    def stop(self) -> None:
        """End all processes and remove the data; the logs stay.

        Each step is done whatever the others raise; the first to be done is the last one here.
        """
        with ExitStack() as steps:
            steps.callback(self._placement.remove)
            steps.callback(shutil.rmtree, self.run_dir / "data", ignore_errors=True)
            steps.callback(self._deployment.backing.remove_leftovers)
            if self._mounts is not None:
                steps.callback(self._mounts.unmount)
            for gate in self._deployment.gates.values():
                steps.callback(gate.close)
            steps.callback(self._supervisor.stop_all, unit_grace_seconds=DISCARDED_SECONDS)
            steps.callback(self._meter.close)

    def detach(self) -> None:
        """Release the processes, so that they outlive this command."""
        self._supervisor.detach()

    def __enter__(self) -> "Target":
        """Return the target; leaving the block stops it."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """Stop the target."""
        self.stop()


def _of_type(processes: Iterable[Process], process_type: str) -> list[Process]:
    """Return the processes of a type in the order of their numbers."""
    found = [process for process in processes if type_of(process.name) == process_type]
    return sorted(found, key=lambda process: int(process.name.rpartition("-")[2]))
