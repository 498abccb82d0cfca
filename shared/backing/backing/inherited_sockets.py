"""Open listening sockets for a program: `python inherited_sockets.py PORT[,PORT…] COMMAND…`.

The sockets are the program's file descriptors 3, 4 and so on, in the order of the ports, all of
127.0.0.1. It keeps them through a new configuration, so no connection that waits to be
accepted is reset, as happens where a program opens a new socket and closes the former one.
"""

import fcntl
import os
import socket
import sys

FIRST = 3
BACKLOG = 1024
# A client that reads nothing of a response for so long is cut off. Accepted sockets inherit it.
UNREAD_SECONDS = 25


def main() -> None:
    """Open the sockets of the command line's ports, then execute the program in this process."""
    ports, command = sys.argv[1].split(","), sys.argv[2:]
    listeners = [_listener(int(port)) for port in ports]
    # First to numbers above the final ones, so that no dup2 closes a socket still to be moved.
    above = FIRST + len(ports)
    moved = [fcntl.fcntl(socket_, fcntl.F_DUPFD, above) for socket_ in listeners]
    for number, descriptor in enumerate(moved, FIRST):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.execvp(command[0], command)  # noqa: S606 - the caller's command is the purpose


def _listener(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        sys.exit(f"Nothing can listen at port {port}: {error.strerror}.")
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_SECONDS * 1000)
    listener.listen(BACKLOG)
    return listener


if __name__ == "__main__":
    main()
