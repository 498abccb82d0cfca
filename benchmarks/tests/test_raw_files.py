"""Packs that can't be read are refused in a sentence that names the file and the fault."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.pack import write_pack
from benchmarks.raw_files import LISTING, PACK, PackError, entries, open_raw, read_pack

FILES = {
    "run.json": b'{"status": "complete"}',
    "raw/001-a/rows.csv.gz": bytes(range(256)) * 4,
    "raw/001-a/trial.json": b"[" + b"1," * 500 + b"1]",
    "raw/002-b/trial.json": b"[]",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path


@pytest.fixture
def pack(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("packed") / PACK
    write_pack(made, folder, [folder / name for name in FILES])
    return made


def rewritten(pack: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The same archive with other contents, whole as far as ZIP knows."""
    with zipfile.ZipFile(pack) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    change(contents)
    with zipfile.ZipFile(pack, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return pack


def test_a_pack_holds_the_names_and_bytes_of_the_files(folder: Path, pack: Path) -> None:
    root = read_pack(pack)
    for name, content in FILES.items():
        assert root.joinpath(*name.split("/")).read_bytes() == content
    assert [it.name for it in entries(root / "raw")] == ["001-a", "002-b"]
    assert [it.name for it in entries(folder / "raw")] == ["001-a", "002-b"]
    assert entries(root / "logs") == []


def test_the_same_files_give_the_same_pack(folder: Path, pack: Path, tmp_path: Path) -> None:
    for number, name in enumerate(FILES):  # other times, another order
        path = folder / name
        path.touch()
        path.chmod(0o600 + number)
    again = tmp_path / "again.zip"
    write_pack(again, folder, [folder / name for name in reversed(FILES)])
    assert again.read_bytes() == pack.read_bytes()


def test_the_pack_of_a_folder_is_read_and_not_the_files_beside_it(folder: Path, pack: Path) -> None:
    assert open_raw(folder) == folder
    (folder / PACK).write_bytes(pack.read_bytes())
    (folder / "run.json").write_text("left over")
    assert (open_raw(folder) / "run.json").read_bytes() == FILES["run.json"]


@pytest.mark.parametrize("bytes_kept", [0, 10, 400, -1], ids=["empty", "few", "half", "but-one"])
def test_a_truncated_pack_is_refused(pack: Path, bytes_kept: int) -> None:
    pack.write_bytes(pack.read_bytes()[:bytes_kept])
    with pytest.raises(PackError, match=rf"{PACK} is damaged or incomplete \(.+\)\. Copy it again"):
        read_pack(pack)


@pytest.mark.parametrize("name", ["raw/001-a/rows.csv.gz", "raw/001-a/trial.json"])
def test_a_changed_byte_is_found_wherever_it_is(pack: Path, name: str) -> None:
    with zipfile.ZipFile(pack) as archive:
        entry = archive.getinfo(name)
        at = entry.header_offset + 30 + len(name) + entry.compress_size // 2
    content = bytearray(pack.read_bytes())
    content[at] ^= 0xFF
    pack.write_bytes(content)
    with pytest.raises(PackError, match=f"{PACK} is damaged"):
        read_pack(pack)


def test_a_missing_file_is_named(pack: Path) -> None:
    rewritten(pack, lambda files: files.__delitem__("raw/002-b/trial.json"))
    with pytest.raises(PackError, match=r"is incomplete: raw/002-b/trial\.json is missing"):
        read_pack(pack)


@pytest.mark.parametrize(
    ("name", "content"),
    [("run.json", b"{}"), ("raw/003-c/trial.json", b"[]")],
    ids=["another-size", "unlisted"],
)
def test_a_file_that_is_not_as_listed_is_named(pack: Path, name: str, content: bytes) -> None:
    rewritten(pack, lambda files: files.update({name: content}))
    with pytest.raises(PackError, match=f"was changed: {name} isn't as its list has it"):
        read_pack(pack)


@pytest.mark.parametrize("version", [0, 2, None])
def test_a_pack_of_another_version_is_refused(pack: Path, version: int | None) -> None:
    listing = json.dumps({"pack_version": version}).encode()
    rewritten(pack, lambda files: files.update({LISTING: listing}))
    with pytest.raises(PackError, match=f"is a pack of version {version}; this code reads version"):
        read_pack(pack)


def test_another_archive_is_no_pack(pack: Path) -> None:
    rewritten(pack, lambda files: files.__delitem__(LISTING))
    with pytest.raises(PackError, match=r"is no pack of raw files: it holds no pack\.json"):
        read_pack(pack)


def test_a_list_that_is_no_json_is_refused(pack: Path) -> None:
    rewritten(pack, lambda files: files.update({LISTING: b"{"}))
    with pytest.raises(PackError, match="is damaged or incomplete"):
        read_pack(pack)
