"""A host that vanishes: its packets get no reply and no reset, and its connections stay open.

A stopped process is different, because the kernel goes on acknowledging for it. So the route to
the service leads through a network namespace: a relay there listens on an IP address of its own,
and taking that end of the virtual cable down loses every packet.
"""

import ipaddress
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from backing.ports import free_port
from benchmarks.targets.injection.privileges import Unprivileged, require_root, run
from benchmarks.targets.injection.proxy import FaultProxy

_REPOSITORY = Path(__file__).parents[3]
_PORT = 6000
_NETWORKS = 2**15  # of four addresses each
_AT_ONCE = 4  # simultaneous hosts of one process
_numbers = itertools.count()
_MAC = "02:00:00:00:00:02"
_LISTENING_SECONDS = 20


class VanishingHost:
    """A gate before a backing service, at an IP address of its own, that can drop all packets.

    Unprivileged if this machine allows no network namespaces.
    """

    def __init__(self) -> None:
        require_root("a network namespace")
        # Of the range that is reserved for such tests (RFC 2544), so that no real host is hidden.
        number = (os.getpid() * _AT_ONCE + next(_numbers) % _AT_ONCE) % _NETWORKS
        network = ipaddress.IPv4Address("198.18.0.0") + 4 * number
        self._near, self.host = str(network + 1), str(network + 2)
        self.port = _PORT
        self._name = f"flow{os.getpid()}x{free_port()}"[:15]
        self._outer, self._inner = f"{self._name[-12:]}o", f"{self._name[-12:]}i"
        self._relay: subprocess.Popen[str] | None = None
        self._gate: FaultProxy | None = None
        try:
            self._connect()
            self._gate = FaultProxy(host=self._near)
            self._start_relay(self._gate.port)
        except BaseException:
            self.close()
            raise

    def _connect(self) -> None:
        run("ip", "netns", "add", self._name)
        run("ip", "link", "add", self._outer, "type", "veth", "peer", "name", self._inner)
        run("ip", "link", "set", self._inner, "address", _MAC, "netns", self._name)
        run("ip", "addr", "add", f"{self._near}/30", "dev", self._outer)
        run("ip", "link", "set", self._outer, "up")
        # Known for good: a neighbour that doesn't reply would give "no route to host" after 3 s.
        neighbour = ("lladdr", _MAC, "dev", self._outer, "nud", "permanent")
        run("ip", "neigh", "replace", self.host, *neighbour)
        self._inside("ip", "addr", "add", f"{self.host}/30", "dev", self._inner)
        self._inside("ip", "link", "set", "lo", "up")
        self._inside("ip", "link", "set", self._inner, "up")

    def _inside(self, *command: str) -> None:
        run("ip", "netns", "exec", self._name, *command)

    def _start_relay(self, port: int) -> None:
        command = ["ip", "netns", "exec", self._name, sys.executable, "-m", _RELAY]
        command += [f"{self.host}:{self.port}", f"{self._near}:{port}"]
        paths = [str(_REPOSITORY), str(_REPOSITORY / "shared" / "backing")]
        self._relay = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,  # it ends when this end is closed, however this program ends
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": ":".join(paths)},
        )
        assert self._relay.stdout is not None  # noqa: S101 - it is a pipe
        if self._relay.stdout.readline().strip() != "listening":
            message = "the relay in the network namespace did not start"
            raise Unprivileged(message)

    def forward_to(self, port: int) -> None:
        """Forward new connections to this port of 127.0.0.1."""
        assert self._gate is not None  # noqa: S101 - set when it was made
        self._gate.forward_to(port)

    @contextmanager
    def vanished(self) -> Iterator[None]:
        """Drop every packet to and from the host for the length of the block."""
        try:
            self._inside("ip", "link", "set", self._inner, "down")
            yield
        finally:
            self._inside("ip", "link", "set", self._inner, "up")

    def close(self) -> None:
        """End the relay and remove the namespace and the virtual cable."""
        if self._relay is not None:
            assert self._relay.stdin is not None  # noqa: S101 - it is a pipe
            self._relay.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                self._relay.wait(5)
            self._relay.kill()
            self._relay.wait()
        if self._gate is not None:
            self._gate.close()
        for command in (("link", "del", self._outer), ("netns", "del", self._name)):
            with suppress(Unprivileged):
                run("ip", *command)


_RELAY = "benchmarks.targets.injection.relay"
