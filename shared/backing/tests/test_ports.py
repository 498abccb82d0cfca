"""Ports are given once, and reserving them for a long run takes no end of files."""

from pathlib import Path

from backing import ports


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_port_is_given_once() -> None:
    given = [ports.free_port() for _ in range(50)]
    assert len(set(given)) == 50


def test_what_was_reserved_long_ago_is_let_go() -> None:
    ports.free_ports(ports.RESERVATIONS)
    before = _open_files()
    ports.free_ports(40)
    assert _open_files() == before
