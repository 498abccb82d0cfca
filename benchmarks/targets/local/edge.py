"""The edge of a target: Caddy with the architecture's own Caddyfile.

A DNS server beside it (`backing.discovery`) publishes the ports of the web processes, so the edge
follows them without a new configuration. Its sockets are opened for it
(`backing.inherited_sockets`), so they stay open when it loads a new configuration. Caddy would
drop connections otherwise: docs/decisions, 0016.
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
from benchmarks.targets.architectures import Architecture
from benchmarks.targets.local import readiness, web_files
from benchmarks.targets.local.placement import Installed, Placed
from benchmarks.targets.local.procfile import read_procfile

NAME = "edge"
STORE_URL = "AWS_ENDPOINT_URL_S3"
RELOAD_SECONDS = 15
SWITCH_SECONDS = 10.0
PAUSE_SECONDS = 0.1
# Twice the time for which the Caddyfiles cache a DNS response
FOLLOW_SECONDS = 0.5

Upstreams = Mapping[str, Sequence[int]]  # the ports of the web processes, by unit


class Edge:
    """The edge of one deployment: its processes, its upstreams and its configuration.

    Its settings and the version of its files are in the placement, so that another command can
    change them.
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
        """Record the edge's settings: its ports, its discovery and its folders."""
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
        """Return the edge's process; KeyError if it was never started."""
        return self._supervisor.processes[NAME]

    def start(self, upstreams: Upstreams, placed: Placed) -> tuple[Process, ...]:
        """Start discovery and edge without waiting; the edge is ready when it forwards /readyz."""
        web_files.publish(self._installed(placed), self._published)
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
            ready=readiness.responds_ok(f"{url(placed)}/readyz"),
            cores=self._cores,
        )
        return self._supervisor.start(beside), self._supervisor.start(edge)

    def route_to(self, upstreams: Upstreams) -> None:
        """Send every new request to these web processes; return when none goes to others."""
        discovery.write(self._upstreams_file, upstreams)
        time.sleep(FOLLOW_SECONDS)

    def reload(self, placed: Placed) -> None:
        """Load the configuration of another version of the edge; complete responses under way.

        A connection that was accepted, but whose request wasn't read yet, gets no response
        (decision 16 has the figures). StartError if the edge refuses; then it serves as before.
        """
        environment, folder = self._environment(placed), self._folder(placed)
        web_files.publish(self._installed(placed), self._published)
        try:
            done = self._run_reload(folder, environment, placed)
        except subprocess.TimeoutExpired as error:
            message = f"The edge didn't take its new configuration within {RELOAD_SECONDS} s."
            raise StartError(message) from error
        if done.returncode != 0:
            message = f"The edge refused its new configuration: {done.stderr.strip()}"
            raise StartError(message)
        # A later restart needs it as well.
        spec = self.process.spec
        self.process.spec = dataclasses.replace(spec, environment=environment, directory=folder)

    def _run_reload(
        self, folder: Path, environment: dict[str, str], placed: Placed
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [
                str(caddy()),
                "reload",
                "--config",
                "Caddyfile",
                "--adapter",
                "caddyfile",
                "--address",
                f"127.0.0.1:{placed.edge['EDGE_ADMIN_PORT']}",
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
        """Return the command prefix that opens the sockets: public and, for `calls`, internal."""
        ports = [placed.edge["EDGE_PORT"]]
        if any(unit.calls for unit in self._architecture.units):
            ports.append(placed.edge["EDGE_INTERNAL_PORT"])
        return sys.executable, inherited_sockets.__file__, ",".join(ports)

    def _folder(self, placed: Placed) -> Path:
        return self._installed(placed).files(self._architecture.edge_folder)

    def _installed(self, placed: Placed) -> Installed:
        return placed.installed[self._architecture.edge_unit]

    @property
    def _published(self) -> Path:
        """Return the folder with the assets of every release that this target has served."""
        return self._supervisor.run_dir / "data" / "web"

    def _environment(self, placed: Placed) -> dict[str, str]:
        return {
            "PATH": f"{caddy().parent}:{os.environ.get('PATH', '/usr/bin:/bin')}",
            "EDGE_ROOT": str(self._folder(placed)),
            "WEB_ROOT": str(web_files.root(self._installed(placed))),
            "ASSETS_ROOT": str(self._published),
            **_object_store(placed),
            **{
                unit.upstreams: f"{unit.name}.{discovery.DOMAIN}"
                for unit in self._architecture.units
                if unit.upstreams is not None
            },
            **placed.edge,
        }

    def watched(self, placed: Placed) -> Process:
        """Return its process with a readiness of forwarding /readyz within SWITCH_SECONDS."""
        process = self.process
        ready = readiness.responds_ok(f"{url(placed)}/readyz")
        process.spec = dataclasses.replace(process.spec, ready=ready, ready_seconds=SWITCH_SECONDS)
        return process

    def wait_left(self, ports: frozenset[int], placed: Placed, *, timeout_seconds: float) -> None:
        """Wait until no request is under way to these ports, or the time is up.

        A web process that is stopped earlier cuts its requests.
        """
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline and ports & _busy_ports(placed):
            time.sleep(PAUSE_SECONDS)


def _busy_ports(placed: Placed) -> set[int]:
    """Return the ports that the edge awaits a response from; none if it doesn't run."""
    address = f"http://127.0.0.1:{placed.edge['EDGE_ADMIN_PORT']}/reverse_proxy/upstreams"
    try:
        found = httpx.get(
            address,
            timeout=PAUSE_SECONDS * 20,
            trust_env=False,
            verify=readiness.WITHOUT_CERTIFICATES,
        ).json()
    except httpx.HTTPError:
        return set()
    return {int(it["address"].rpartition(":")[2]) for it in found if it["num_requests"]}


def _object_store(placed: Placed) -> dict[str, str]:
    """Return the edge's setting for the object store that the units use; empty without one."""
    urls = [its[STORE_URL] for its in placed.environments.values() if STORE_URL in its]
    return {"OBJECT_STORE_URL": urls[0]} if urls else {}


def url(placed: Placed) -> str:
    """Return the public URL of the edge, without a path."""
    return f"http://127.0.0.1:{placed.edge['EDGE_PORT']}"
