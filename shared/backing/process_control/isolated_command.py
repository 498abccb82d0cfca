"""Run one command so that nothing of it is left: `isolated_command.py NOTE COMMAND…`.

A program of its own, so that the kernel gives it the orphans: a suite starts servers, and those
start others, some in sessions of their own. Whatever is left when the command ends, or when this
program gets SIGTERM, is killed. Where the system allows it, the command has a network of its own
that leads nowhere, so that no test reaches out and no port is shared with a neighbour.

NOTE becomes a JSON file: the command's status, its CPU seconds with those of all that it waited
for, and whether the network was cut.
"""

import ctypes
import fcntl
import json
import resource
import signal
import socket
import struct
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # it is started with python -I

from process_control.descendants import end_descendants
from process_control.parent_death import adopt_orphans, signal_on_parent_death

CLONE_NEWNET = 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
GRACE_SECONDS = 5.0  # in which a command may end by itself


def main(note: str, command: list[str]) -> int:
    """Run the command; return its status, or 128 and the number of the signal that ended it."""
    signal_on_parent_death(signal.SIGTERM)
    adopt_orphans()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    is_cut = ctypes.CDLL(None).unshare(CLONE_NEWNET) == 0 and _raise_loopback()
    status = 128 + signal.SIGTERM
    try:
        process = subprocess.Popen(command, start_new_session=True)
        try:
            status = process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)
            process.wait(GRACE_SECONDS)
    except (KeyboardInterrupt, subprocess.TimeoutExpired):
        pass
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        end_descendants()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    record = {
        "status": status,
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 3),
        "network_cut": is_cut,
    }
    Path(note).write_text(json.dumps(record), encoding="utf-8")
    return status if status >= 0 else 128 - status


def _raise_loopback() -> bool:
    """Raise the loopback, which is down in a new network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sH14s", b"lo", 0, b"")
        response = fcntl.ioctl(any_socket, SIOCGIFFLAGS, request)
        flags = struct.unpack("16sH14s", response)[1] | IFF_UP
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14s", b"lo", flags, b""))
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
