"""Run one command alone, and leave nothing behind: `sandbox.py NOTE COMMAND…`.

A program of its own, so that it can be what the kernel gives orphans to: a suite starts servers,
and those start others, some in sessions of their own. Whatever is left when the command ends, or
when this gets SIGTERM, is killed. Where the system allows it the command has a network
of its own that leads nowhere, so that no test reaches out and no port is shared with a neighbour.

NOTE becomes a JSON file: the command's status, its CPU seconds with those of all that it waited
for, and whether the network was cut.
"""

import ctypes
import fcntl
import json
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
CLONE_NEWNET = 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
PATIENCE_SECONDS = 5.0  # that a command has to end by itself


def main(note: str, command: list[str]) -> int:
    """Run it; the status is the command's, or 128 and the signal that ended it."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    is_cut = libc.unshare(CLONE_NEWNET) == 0 and _raise_loopback()
    status = 128 + signal.SIGTERM
    try:
        process = subprocess.Popen(command, start_new_session=True)
        try:
            status = process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE_SECONDS)
    except (KeyboardInterrupt, subprocess.TimeoutExpired):
        pass
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        end_descendants()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    noted = {
        "status": status,
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 3),
        "network_cut": is_cut,
    }
    Path(note).write_text(json.dumps(noted), encoding="utf-8")
    return status if status >= 0 else 128 - status


def _raise_loopback() -> bool:
    """A new network has a loopback that is down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sH14s", b"lo", 0, b"")
        answer = fcntl.ioctl(any_socket, SIOCGIFFLAGS, request)
        flags = struct.unpack("16sH14s", answer)[1] | IFF_UP
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14s", b"lo", flags, b""))
    return True


def end_descendants() -> None:
    """Kill all that came of this process, and take their ends, until there are none."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while children := _children(os.getpid()):
        for pid in _below(children):
            # PostgreSQL killed outright would leave its shared memory behind.
            gently = _name(pid) == "postgres" and time.monotonic() < deadline - PATIENCE_SECONDS / 2
            _send(pid, signal.SIGQUIT if gently else signal.SIGKILL)
        _reap()
        if time.monotonic() > deadline:
            return
        time.sleep(0.05)
    _reap()


def _below(pids: list[int]) -> list[int]:
    found = []
    for pid in pids:
        found += [pid, *_below(_children(pid))]
    return found


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text().split()]
        except OSError:
            continue  # ended meanwhile
    return found


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
