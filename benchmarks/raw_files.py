"""Where a run's raw files are read from: its folder, or the pack that replaced them.

A pack is one ZIP archive beside the report. It holds the raw files under the names and with the
bytes that they had in the folder, and `pack.json`, which lists each name with its size in bytes.
Both are read through `Traversable`, the reading half of `pathlib.Path`.
"""

import json
import zipfile
import zlib
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import Path

PACK = "raw.zip"
LISTING = "pack.json"
PACK_VERSION = 1

_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


class PackError(ValueError):
    """A pack that can't be read; the text is a sentence that names its file."""


def open_raw(folder: Path) -> Traversable:
    """Return the root of a run's raw files. Raises PackError for a pack that can't be read."""
    return read_pack(folder / PACK) if is_packed(folder) else folder


def entries(folder: Traversable) -> list[Traversable]:
    """Return what lies in a folder of raw files, by name; nothing where there is no such folder."""
    return sorted(folder.iterdir(), key=lambda path: path.name) if folder.is_dir() else []


def is_packed(folder: Path) -> bool:
    """Return whether the folder's raw files are in a pack."""
    return (folder / PACK).is_file()


def read_pack(path: Path) -> Traversable:
    """Return the root of a pack, after reading all of it once and comparing each checksum.

    Raises PackError where it is damaged, of another version, or isn't what its list names.
    """
    try:
        archive = zipfile.ZipFile(path)
        damaged = archive.testzip()
        listing = None if damaged else json.loads(archive.read(LISTING))
    except KeyError as error:
        raise PackError(f"{path} is no pack of raw files: it holds no {LISTING}.") from error
    except (OSError, ValueError, *_DAMAGE) as error:
        raise PackError(f"{path} is damaged or incomplete ({error}). {_REMEDY}") from error
    if damaged:
        raise PackError(f"{path} is damaged: {damaged} has another checksum. {_REMEDY}")
    found = {it.filename: it.file_size for it in archive.infolist() if it.filename != LISTING}
    _check(path, listing, found)
    return zipfile.Path(archive)


_REMEDY = "Copy it again, or check it out again."


def _check(path: Path, listing: object, found: Mapping[str, int]) -> None:
    """Raise PackError unless the pack's list is of this version, and names what is in it."""
    version = listing.get("pack_version") if isinstance(listing, dict) else None
    if not isinstance(listing, dict) or version != PACK_VERSION:
        raise PackError(
            f"{path} is a pack of version {version}; this code reads version {PACK_VERSION}. "
            "Check out the commit that made it to read it."
        )
    listed = listing["files"]
    for name in listed:
        if name not in found:
            raise PackError(f"{path} is incomplete: {name} is missing. {_REMEDY}")
    for name, size in found.items():
        if listed.get(name) != size:
            raise PackError(f"{path} was changed: {name} isn't as its list has it. {_REMEDY}")
