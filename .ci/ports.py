"""Refuse a command while another process has its ports: `ports.py REPOSITORY COMMAND NAME…`.

The names are those of `benchmarks/ports.py`, which has the variable that sets each port. For `up`,
a port of what an earlier `make up` started here is no obstacle. Standard library only, since it
runs before any environment is made.
"""

import json
import socket
import sys
from pathlib import Path

from repository import ports

LISTENING = "0A"


def main(repository: Path, command: str, names: list[str]) -> int:
    """Print which port is taken, by which process, and what to do. Raises PortError."""
    for name in names:
        port = ports.configured(name)
        if _free(port):
            continue
        ours = _left_running(repository).get(port)
        if ours is not None and command == "up" and ours == name:
            continue
        other = f"set {ports.FIXED[name].variable} to another port"
        if ours is not None:
            what = f"by the {ours} that make up left running here: run make down first, or {other}"
        else:
            what = f"by {_holder(port) or 'a process of another user'}: end it first, or {other}"
        print(f"Port {port} of 127.0.0.1 is taken {what}.", file=sys.stderr)
        return 1
    return 0


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _left_running(repository: Path) -> dict[int, str]:
    """Map ports to the architectures of which `make up` started an edge there, ready or not."""
    found = {}
    for state in repository.glob(".run/*/state.json"):
        try:
            processes = json.loads(state.read_text())["processes"]
            edges = {process["pid"] for process in processes if process["role"] == "edge"}
        except (OSError, ValueError, KeyError, TypeError):
            continue
        for fixed in ports.FIXED:
            port = ports.configured(fixed)
            if edges and _holding_pid(port) in edges:
                found[port] = state.parent.name
    return found


def _holding_pid(port: int) -> int | None:
    inodes = set()
    for table in ("tcp", "tcp6"):
        try:
            lines = Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if fields[3] == LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{fields[9]}]")
    for folder in Path("/proc").glob("[0-9]*/fd"):
        try:
            if any(str(link.readlink()) in inodes for link in folder.iterdir()):
                return int(folder.parent.name)
        except OSError:
            continue  # another user's, or gone
    return None


def _holder(port: int) -> str | None:
    pid = _holding_pid(port)
    if pid is None:
        return None
    try:
        name = Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return None
    return f"{name} (process {pid})"


if __name__ == "__main__":
    try:
        sys.exit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:]))
    except ports.PortError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
