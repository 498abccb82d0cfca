"""Replaces the raw files of a finished run by one pack, from which its report can be redrawn."""

import json
import shutil
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.experiments.results import draw, results_of, write
from benchmarks.experiments.runner.errors import FolderError
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.raw_files import LISTING, PACK, PACK_VERSION, is_packed, read_pack
from benchmarks.report import rendering
from benchmarks.results_model.document import ResultsDocument

WritePack = Callable[[Path, Path, Sequence[Path]], None]

RAW = "raw"
# What a run writes beside its folder of raw files; a pack holds those that there are.
DOCUMENTS = ("run.json", "environment.json", "conformance.json", "contract.json")
COMPLETE = "complete"
# ZIP's earliest time: the same files give the same bytes, whenever they are packed.
_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX, _READABLE = 3, 0o644 << 16
_COMPRESSED = ".gz"  # once is enough


def pack(path: Path, write_files: WritePack | None = None) -> Path:
    """Pack a finished run; returns the pack's path.

    The pack is kept, and the raw files removed, only after the results and the report that are made
    from it turn out the same as those made from the files. Logs stay where they are. Of a packing
    that was interrupted the rest is done. Raises FolderError.
    """
    folder = ResultsFolder.open(path)
    files = raw_files(path)
    if is_packed(path):
        if not files:
            raise FolderError(f"{path} is packed already: its raw files are in {PACK}.")
        _remove(path)
        return path / PACK
    status = folder.read_json("run.json")["status"]
    if status != COMPLETE:
        raise FolderError(
            f"{path} is not complete ({status}), so its raw files are still needed: go on with it "
            f"by `make compare RESUME={path}`."
        )
    draft = path / f"{PACK}.draft"
    try:
        (write_files or write_pack)(draft, path, files)
        packed = ResultsFolder(path, files=read_pack(draft))
        results = _same(folder, packed)
        draft.replace(path / PACK)
    except OSError as error:
        raise FolderError(
            f"{path / PACK} can't be written ({error.strerror}), so the raw files are left as they "
            "are."
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    write(packed, results)
    draw(packed, results)
    _remove(path)
    return path / PACK


def is_finished(folder: Path) -> bool:
    """Return whether a folder is packed and no raw file is left in it."""
    return is_packed(folder) and not raw_files(folder)


def raw_files(folder: Path) -> list[Path]:
    """Return the raw files that lie in a run's folder, by name."""
    documents = [folder / name for name in DOCUMENTS]
    found = (*documents, *(folder / RAW).rglob("*"))
    return sorted(it for it in found if it.is_file())


def write_pack(target: Path, folder: Path, files: Sequence[Path]) -> None:
    """Write a pack of these files of a folder. The same files give the same bytes."""
    contents = {it.relative_to(folder).as_posix(): it.read_bytes() for it in sorted(files)}
    sizes = {name: len(content) for name, content in contents.items()}
    listing = {"pack_version": PACK_VERSION, "files": sizes}
    with zipfile.ZipFile(target, "w") as archive:
        _add(archive, LISTING, f"{json.dumps(listing, indent=1)}\n".encode())
        for name, content in contents.items():
            _add(archive, name, content)


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _TIME)
    entry.create_system, entry.external_attr = _UNIX, _READABLE
    stored = name.endswith(_COMPRESSED)
    method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    archive.writestr(entry, content, method, compresslevel=9)


def _same(loose: ResultsFolder, packed: ResultsFolder) -> ResultsDocument:
    """Return the results that the files and the pack give. FolderError where they differ."""
    both = [results_of(it) for it in (loose, packed)]
    pages = [rendering.render(it, packed=True) for it in both]
    if both[0] != both[1] or pages[0] != pages[1]:
        raise FolderError(
            f"The report of {loose.path} isn't the same when it is made from a pack, so its raw "
            "files are left as they are. Did something write to the folder meanwhile?"
        )
    return both[1]


def _remove(folder: Path) -> None:
    for path in raw_files(folder):
        path.unlink()
    shutil.rmtree(folder / RAW, ignore_errors=True)
