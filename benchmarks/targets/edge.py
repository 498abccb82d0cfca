"""The edge of a target: Caddy with the architecture's own Caddyfile."""

import os
import subprocess
import time
from pathlib import Path

import psutil

from backing import Process, ProcessSpec, StartError, Supervisor
from backing.binaries import caddy
from backing.ports import free_port
from benchmarks.targets import readiness
from benchmarks.targets.architectures import REPOSITORY
from benchmarks.targets.procfile import read_procfile

NAME = "edge"
RELOAD_SECONDS = 15
PAUSE_SECONDS = 0.1


class Edge:
    """Starts the edge and tells it where the web processes are."""

    def __init__(
        self, supervisor: Supervisor, folder: Path, *, port: int, cores: frozenset[int] | None
    ) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._supervisor = supervisor
        self._folder = folder
        self._cores = cores
        self._own = supervisor.run_dir / "data" / "caddy"
        self._own.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._environment = {
            "PATH": f"{caddy().parent}:{os.environ.get('PATH', '/usr/bin:/bin')}",
            "HOST": "127.0.0.1",
            "EDGE_PORT": str(port),
            "EDGE_ADMIN_PORT": str(free_port()),
            "WEB_ROOT": str(REPOSITORY / "shared" / "web" / "site"),
            "XDG_DATA_HOME": str(self._own),
            "XDG_CONFIG_HOME": str(self._own),
        }

    @property
    def process(self) -> Process:
        """The edge's process."""
        return self._supervisor.processes[NAME]

    def start(self, upstreams: dict[str, str]) -> Process:
        """Start it without waiting; ready when it passes /readyz on."""
        return self._supervisor.start(
            ProcessSpec(
                name=NAME,
                unit=NAME,
                role="edge",
                command=("/bin/sh", "-c", f"exec {read_procfile(self._folder)['edge']}"),
                directory=self._folder,
                environment=self._environment | upstreams,
                ready=readiness.answers(f"{self.url}/readyz"),
                cores=self._cores,
            )
        )

    def reload(self, upstreams: dict[str, str]) -> None:
        """Switch to other web processes without dropping a connection; StartError on failure."""
        admin = f"127.0.0.1:{self._environment['EDGE_ADMIN_PORT']}"
        done = subprocess.run(
            [
                *(str(caddy()), "reload", "--config", "Caddyfile", "--adapter", "caddyfile"),
                *("--address", admin),
            ],
            check=False,
            cwd=self._folder,
            env={**os.environ, **self._environment, **upstreams},
            capture_output=True,
            text=True,
            timeout=RELOAD_SECONDS,
        )
        if done.returncode != 0:
            message = f"The edge refused its new upstreams: {done.stderr.strip()}"
            raise StartError(message)
        # A later restart must know them too.
        spec = self.process.spec
        self.process.spec = ProcessSpec(
            **{**spec.__dict__, "environment": self._environment | upstreams}
        )

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
