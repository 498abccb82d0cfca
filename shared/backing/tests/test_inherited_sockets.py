"""Sockets that are opened for a program."""

import socket
import sys
import time
from dataclasses import replace

from backing import inherited_sockets
from backing.ports import free_ports
from backing.processes import Process, Supervisor
from tests.conftest import printed, python_spec

SERVES = """
import socket
for number in (3, 4):
    listener = socket.socket(fileno=number)
    accepted, _ = listener.accept()
    accepted.sendall(str(listener.getsockname()[1]).encode())
    accepted.close()
"""


INHERITS = """
import socket
listener = socket.socket(fileno=3)
accepted, _ = listener.accept()
option = accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
accepted.sendall(str(option).encode())
accepted.close()
"""


def started(ports: list[int], program: str, supervisor: Supervisor) -> Process:
    command = (sys.executable, inherited_sockets.__file__, ",".join(map(str, ports)))
    spec = python_spec("")
    return supervisor.start(replace(spec, command=(*command, sys.executable, "-c", program)))


def received(port: int) -> bytes:
    deadline = time.monotonic() + 10
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
                return client.recv(100)
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_a_program_finds_its_sockets_in_the_order_of_the_ports(supervisor: Supervisor) -> None:
    ports = free_ports(2)
    started(ports, SERVES, supervisor)
    assert [received(port) for port in ports] == [str(port).encode() for port in ports]


def test_accepted_sockets_have_a_limit_for_clients_that_take_nothing(
    supervisor: Supervisor,
) -> None:
    (port,) = free_ports(1)
    started([port], INHERITS, supervisor)
    assert received(port) == str(inherited_sockets.UNREAD_SECONDS * 1000).encode()


def test_a_port_that_is_taken_is_named(supervisor: Supervisor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = started([port], "", supervisor)
        supervisor.wait_end(process, timeout_seconds=10)
    assert printed(f"Nothing can listen at port {port}: Address already in use.", process)
