"""The edge of a target: Caddy with the architecture's own Caddyfile.

Beside it runs what tells it where the web processes are (`backing.discovery`), so it follows them
without a new configuration, and its sockets are opened for it (`backing.inherited_sockets`), so
they stay open when it takes one. Both because Caddy drops connections otherwise: docs/decisions, 0016.
"""

import dataclasses
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx

from backing import Process, ProcessSpec, StartError, Supervisor, discovery, inherited_sockets
from backing.binaries import caddy
from backing.ports import free_ports
from benchmarks.targets.architectures import WEB_SITE, Architecture
from benchmarks.targets.local import readiness
from benchmarks.targets.local.placement import Installed, Placed
from benchmarks.targets.local.procfile import read_procfile

NAME = "edge"
RELOAD_SECONDS = 15
SWITCH_SECONDS = 10.0
PAUSE_SECONDS = 0.1
# Twice as long as the Caddyfiles let an answer of the discovery be kept
FOLLOW_SECONDS = 0.5

Upstreams = Mapping[str, Sequence[int]]  # the ports of the web processes, by unit


class Edge:
    """Starts the edge and tells it where the web processes are.

    What it is told and which files it serves stands in the placement, so that another command can
    tell it something else.
    """

    def __init__(
        self,
        supervisor: Supervisor,
        architecture: Architecture,
        *,
        cores: frozenset[int] | None = None,
    ) -> None:
        self._supervisor = supervisor
        self._architecture = architecture
        self._cores = cores

    def prepare(self, placed: Placed, *, port: int, internal_port: int) -> None:
        """Write down where it will listen and which files are its."""
        own = self._supervisor.run_dir / "data" / "caddy"
        own.mkdir(mode=0o700, parents=True, exist_ok=True)
        admin, resolver = free_ports(2)
        first = inherited_sockets.FIRST
        placed.edge = {
            "HOST": f"fd/{first}",
            "INTERNAL_HOST": f"fd/{first + 1}",
            "EDGE_PORT": str(port),
            "EDGE_INTERNAL_PORT": str(internal_port),
            "EDGE_ADMIN_PORT": str(admin),
            "UPSTREAMS_FROM": "srv",
            "UPSTREAMS_RESOLVER": f"127.0.0.1:{resolver}",
            "XDG_DATA_HOME": str(own),
            "XDG_CONFIG_HOME": str(own),
        }

    @property
    def process(self) -> Process:
        """The edge's process."""
        return self._supervisor.processes[NAME]

    def start(self, upstreams: Upstreams, placed: Placed) -> tuple[Process, ...]:
        """Start it without waiting; ready when it passes /readyz on."""
        discovery.write(self._upstreams_file, upstreams)
        resolver = int(placed.edge["UPSTREAMS_RESOLVER"].rpartition(":")[2])
        beside = discovery.specification(
            self._upstreams_file, port=resolver, unit=NAME, role="edge", cores=self._cores
        )
        folder = self._folder(placed)
        edge = ProcessSpec(
            name=NAME,
            unit=NAME,
            role="edge",
            command=(*self._listening(placed), "sh", "-c", f"exec {read_procfile(folder)['edge']}"),
            directory=folder,
            environment=self._environment(placed),
            ready=readiness.answers(f"{url(placed)}/readyz"),
            cores=self._cores,
        )
        return self._supervisor.start(beside), self._supervisor.start(edge)

    def lead(self, upstreams: Upstreams) -> None:
        """Lead every new request to these web processes; done when nobody is led to others."""
        discovery.write(self._upstreams_file, upstreams)
        time.sleep(FOLLOW_SECONDS)

    def reload(self, placed: Placed) -> None:
        """Switch to the files of another version of it, without dropping an answer under way.

        Somebody whose connection was accepted, and whose request wasn't read yet, gets none
        (decision 16 has the figures).
        StartError where it refuses; then it serves on as before.
        """
        environment, folder = self._environment(placed), self._folder(placed)
        try:
            done = self._told(folder, environment, placed)
        except subprocess.TimeoutExpired as error:
            message = f"The edge didn't take its new configuration within {RELOAD_SECONDS} s."
            raise StartError(message) from error
        if done.returncode != 0:
            message = f"The edge refused its new configuration: {done.stderr.strip()}"
            raise StartError(message)
        # A later restart must know it too.
        spec = self.process.spec
        self.process.spec = dataclasses.replace(spec, environment=environment, directory=folder)

    def _told(
        self, folder: Path, environment: dict[str, str], placed: Placed
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [
                *(str(caddy()), "reload", "--config", "Caddyfile", "--adapter", "caddyfile"),
                *("--address", f"127.0.0.1:{placed.edge['EDGE_ADMIN_PORT']}"),
            ],
            check=False,
            cwd=folder,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=RELOAD_SECONDS,
        )

    @property
    def _upstreams_file(self) -> Path:
        return self._supervisor.run_dir / "data" / "upstreams.json"

    def _listening(self, placed: Placed) -> tuple[str, ...]:
        """What opens its sockets for it: the public one, and that for units that call others."""
        ports = [placed.edge["EDGE_PORT"]]
        if any(unit.calls for unit in self._architecture.units):
            ports.append(placed.edge["EDGE_INTERNAL_PORT"])
        return sys.executable, inherited_sockets.__file__, ",".join(ports)

    def _folder(self, placed: Placed) -> Path:
        return self._installed(placed).files(self._architecture.edge_folder)

    def _installed(self, placed: Placed) -> Installed:
        return placed.installed[self._architecture.edge_unit]

    def _environment(self, placed: Placed) -> dict[str, str]:
        return {
            "PATH": f"{caddy().parent}:{os.environ.get('PATH', '/usr/bin:/bin')}",
            "EDGE_ROOT": str(self._folder(placed)),
            "WEB_ROOT": str(self._installed(placed).files(WEB_SITE)),
            **{
                unit.upstreams: f"{unit.name}.{discovery.DOMAIN}"
                for unit in self._architecture.units
                if unit.upstreams is not None
            },
            **placed.edge,
        }

    def watched(self, placed: Placed) -> Process:
        """Its process, to be waited for until it passes /readyz on."""
        process = self.process
        ready = readiness.answers(f"{url(placed)}/readyz")
        process.spec = dataclasses.replace(process.spec, ready=ready, ready_seconds=SWITCH_SECONDS)
        return process

    def wait_left(self, ports: frozenset[int], placed: Placed, *, timeout_seconds: float) -> None:
        """Wait until nobody waits for an answer from these ports, or the time is up.

        A web process that is stopped before cuts those who do.
        """
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline and ports & _busy_ports(placed):
            time.sleep(PAUSE_SECONDS)


def _busy_ports(placed: Placed) -> set[int]:
    """The ports that the edge awaits an answer from; none where it doesn't run."""
    address = f"http://127.0.0.1:{placed.edge['EDGE_ADMIN_PORT']}/reverse_proxy/upstreams"
    try:
        found = httpx.get(address, timeout=PAUSE_SECONDS * 20, trust_env=False).json()
    except httpx.HTTPError:
        return set()
    return {int(it["address"].rpartition(":")[2]) for it in found if it["num_requests"]}


def url(placed: Placed) -> str:
    """Where the world reaches it."""
    return f"http://127.0.0.1:{placed.edge['EDGE_PORT']}"
