"""A small disk for a backing service's data, and filling it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.targets.injection.privileges import require_root, run

_FILLER = "filler"
_PIECE = b"\0" * 65536


@dataclass(frozen=True)
class SmallDisk:
    """A tmpfs of `size_bytes` to mount on a folder. It takes memory as it fills."""

    size_bytes: int

    def mount(self, folder: Path) -> None:
        """Mount it on a new folder. Unprivileged if this machine doesn't allow that."""
        require_root("a disk of a set size")
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        size = f"size={self.size_bytes},mode=0700"
        run("mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder))


class Mounts:
    """The small disks below the data folder of one deployment."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._mounted: list[Path] = []

    def mount(self, disks: Mapping[str, SmallDisk]) -> None:
        """Mount a disk for each of these backing services. Unprivileged as `SmallDisk.mount`."""
        if disks:
            self._data.mkdir(mode=0o700, exist_ok=True)
        for name, disk in disks.items():
            disk.mount(self._data / name)
            self._mounted.append(self._data / name)

    def unmount(self) -> None:
        """Detach all disks, even if a file is still open."""
        while self._mounted:
            run("umount", "--lazy", str(self._mounted.pop()))


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """Fill the disk that is mounted on this folder for the length of the block.

    RuntimeError for a folder that is no mount point: that would fill the machine's disk.
    """
    if not folder.is_mount():
        message = f"{folder} has no disk of its own"
        raise RuntimeError(message)
    filler = folder / _FILLER
    try:
        with filler.open("wb", buffering=0) as file:
            for size in (len(_PIECE), 512, 1):
                with suppress(OSError):  # no space left
                    while True:
                        file.write(_PIECE[:size])
        yield
    finally:
        filler.unlink(missing_ok=True)
