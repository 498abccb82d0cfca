"""Disks and hosts of the machine: what they do, and that nothing of them is left."""

import errno
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.targets.injection import SmallDisk, Unprivileged, VanishingHost, full
from benchmarks.targets.injection.disk import Mounts


@pytest.fixture
def mounts(tmp_path: Path) -> Iterator[Mounts]:
    made = Mounts(tmp_path / "data")
    try:
        made.mount({"store": SmallDisk(2**20)})
    except Unprivileged as reason:
        pytest.skip(str(reason))
    yield made
    made.unmount()


def test_a_full_disk_takes_no_byte_and_has_room_again(mounts: Mounts, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "store"
    file = folder / "kept"
    file.write_bytes(b"1")
    with full(folder):
        with pytest.raises(OSError, match="No space left") as refused:
            (folder / "more").write_bytes(b"1" * 8192)
        assert refused.value.errno == errno.ENOSPC
    (folder / "more").write_bytes(b"1" * 8192)
    assert file.read_bytes() == b"1"


def test_a_disk_goes_with_its_target(mounts: Mounts, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "store"
    assert folder.is_mount()
    mounts.unmount()
    assert not folder.is_mount()


def test_only_a_disk_of_its_own_is_filled(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no disk of its own"), full(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                connection.sendall(b"here")

        threading.Thread(target=greet, daemon=True).start()
        yield server


def greeting(host: VanishingHost) -> bytes:
    with socket.create_connection((host.host, host.port), timeout=1) as connection:
        return connection.recv(4)


@pytest.mark.slow
def test_a_host_vanishes_without_a_reset_and_comes_back(listener: socket.socket) -> None:
    try:
        host = VanishingHost()
    except Unprivileged as reason:
        pytest.skip(str(reason))
    try:
        host.forward_to(listener.getsockname()[1])
        assert greeting(host) == b"here"
        with host.vanished(), pytest.raises(TimeoutError):
            greeting(host)
        assert greeting(host) == b"here"
    finally:
        host.close()
    left = Path("/run/netns").glob(f"flow{os.getpid()}x*")
    assert list(left) == []
