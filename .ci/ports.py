"""Refuses to begin while somebody else holds a port: `ports.py REPOSITORY COMMAND PORT…`.

For `up`, a port held by what an earlier `make up` left running here is no obstacle. Standard
library only, since it runs before any environment is made.
"""

import json
import socket
import sys
from pathlib import Path

LISTENING = "0A"


def main(repository: Path, command: str, ports: list[int]) -> int:
    """Say in one sentence which port is taken, by whom, and what to do."""
    for port in ports:
        if _free(port):
            continue
        ours = _left_running(repository).get(port)
        if ours is not None and command == "up":
            continue
        if ours is not None:
            what = f"by the {ours} that make up left running here: run make down first"
        else:
            holder = _holder(port)
            what = f"by {holder}: end it first" if holder else "by somebody: end that first"
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
    """Map edge ports to the architectures that state.json says are up here, if they are."""
    found = {}
    for state in repository.glob(".run/*/state.json"):
        try:
            content = json.loads(state.read_text())
            port = int(content["facts"]["base_url"].rpartition(":")[2])
            edges = [p["pid"] for p in content["processes"] if p["role"] == "edge"]
        except (OSError, ValueError, KeyError, AttributeError):
            continue
        if edges and _holding_pid(port) in edges:
            found[port] = str(content["facts"]["architecture"])
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
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], [int(port) for port in sys.argv[3:]]))
