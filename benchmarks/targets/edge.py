"""The edge of a target: Caddy with the architecture's own Caddyfile."""

import dataclasses
import os
import subprocess
import time
from pathlib import Path

import psutil

from backing import Process, ProcessSpec, StartError, Supervisor
from backing.binaries import caddy
from backing.ports import free_port
from benchmarks.targets import readiness
from benchmarks.targets.architectures import WEB_SITE, Architecture
from benchmarks.targets.placement import Installed, Placed
from benchmarks.targets.procfile import read_procfile

NAME = "edge"
RELOAD_SECONDS = 15
SWITCH_SECONDS = 10.0
PAUSE_SECONDS = 0.1


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
        placed.edge = {
            "HOST": "127.0.0.1",
            "EDGE_PORT": str(port),
            "EDGE_INTERNAL_PORT": str(internal_port),
            "EDGE_ADMIN_PORT": str(free_port()),
            "XDG_DATA_HOME": str(own),
            "XDG_CONFIG_HOME": str(own),
        }

    @property
    def process(self) -> Process:
        """The edge's process."""
        return self._supervisor.processes[NAME]

    def start(self, upstreams: dict[str, str], placed: Placed) -> Process:
        """Start it without waiting; ready when it passes /readyz on."""
        folder = self._folder(placed)
        return self._supervisor.start(
            ProcessSpec(
                name=NAME,
                unit=NAME,
                role="edge",
                command=("/bin/sh", "-c", f"exec {read_procfile(folder)['edge']}"),
                directory=folder,
                environment=self._environment(placed) | upstreams,
                ready=readiness.answers(f"{url(placed)}/readyz"),
                cores=self._cores,
            )
        )

    def reload(self, upstreams: dict[str, str], placed: Placed) -> None:
        """Switch to other web processes, or other files, without dropping an answer under way.

        StartError where it refuses; then it serves on as before.
        """
        environment, folder = self._environment(placed) | upstreams, self._folder(placed)
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

    def _folder(self, placed: Placed) -> Path:
        return self._installed(placed).files(self._architecture.edge_folder)

    def _installed(self, placed: Placed) -> Installed:
        return placed.installed[self._architecture.edge_unit]

    def _environment(self, placed: Placed) -> dict[str, str]:
        return {
            "PATH": f"{caddy().parent}:{os.environ.get('PATH', '/usr/bin:/bin')}",
            "EDGE_ROOT": str(self._folder(placed)),
            "WEB_ROOT": str(self._installed(placed).files(WEB_SITE)),
            **placed.edge,
        }

    def watched(self, placed: Placed) -> Process:
        """Its process, to be waited for until it passes /readyz on."""
        process = self.process
        ready = readiness.answers(f"{url(placed)}/readyz")
        process.spec = dataclasses.replace(process.spec, ready=ready, ready_seconds=SWITCH_SECONDS)
        return process

    def wait_left(self, ports: frozenset[int], *, timeout_seconds: float) -> None:
        """Wait until the edge is connected to none of these ports, or the time is up.

        After a reload it ends what is under way with its former upstreams, and then closes the
        connections. A web process that is stopped before cuts those who wait for an answer.
        """
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline and ports & self._connected_ports():
            time.sleep(PAUSE_SECONDS)

    def _connected_ports(self) -> set[int]:
        try:
            found = psutil.Process(self.process.pid).net_connections("tcp")
        except psutil.Error:
            return set()
        return {it.raddr.port for it in found if it.status == psutil.CONN_ESTABLISHED and it.raddr}


def url(placed: Placed) -> str:
    """Where the world reaches it."""
    return f"http://127.0.0.1:{placed.edge['EDGE_PORT']}"
