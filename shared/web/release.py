"""Make the files of a release from `site/`: content-hashed names, and compressed copies.

    python release.py OUT [--earlier FOLDER]

OUT gets `index.html`, and below `assets/` each file that it names, under a name with the hash of
its content (`api.1f0c2d3e4b.js`), so that caches may keep it for ever. A module's imports are
rewritten before it is hashed, so its name changes with whatever it imports. Text files get a copy
for Brotli (`.br`) and one for gzip (`.gz`) beside them, which an edge sends as they are.

`--earlier` is a folder with the assets of releases that came before. What this release doesn't have
is copied from it, so that a page that is still open in a browser finds its files.
"""

import argparse
import gzip
import hashlib
import re
import shutil
import sys
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path, PurePosixPath

import brotli

SITE = Path(__file__).resolve().parent / "site"
PAGE, ASSETS = "index.html", "assets"
HASH_CHARACTERS = 10
SMALLEST_COMPRESSED_BYTES = 256  # below, the headers of the encoding outweigh what it saves
COMPRESSED = frozenset({".html", ".css", ".js", ".svg", ".json", ".webmanifest"})
_IMPORT = re.compile(r"""((?:\bfrom|\bimport)\s*\(?\s*)(["'])(\.{1,2}/[^"']+)\2""")
_LINK = re.compile(r"""(\s(?:src|href)=)(["'])(?!#|[a-z]+:|//)([^"'#?]+)\2""")
_URL = re.compile(r"url\(|@import")


class ReleaseError(Exception):
    """The site can't be released as it is."""


def release(site: Path, out: Path, *, earlier: Path | None = None) -> dict[str, str]:
    """Write a release to `out`; return the names of the assets by their paths in the site.

    Raises ReleaseError for a reference to a file that the site doesn't have, for modules that
    import each other in a circle, and for an `out` that isn't empty.
    """
    if out.exists() and any(out.iterdir()):
        raise ReleaseError(f"{out} isn't empty: a release is written to a new folder.")
    assets = out / ASSETS
    assets.mkdir(parents=True, exist_ok=True)
    texts = {path: (site / path).read_bytes() for path in _paths(site)}
    page = texts.pop(PAGE, None)
    if page is None:
        raise ReleaseError(f"{site} has no {PAGE}.")
    names: dict[str, str] = {}
    for path in _in_order(texts):
        content = _with_imports(path, texts[path], names)
        names[path] = hashed_name(path, content)
        _write(assets / names[path], content)
    _write(out / PAGE, _with_links(page.decode(), names).encode())
    if earlier is not None:
        keep_earlier(earlier, assets)
    return names


def keep_earlier(earlier: Path, assets: Path) -> int:
    """Copy the assets of earlier releases that `assets` doesn't have; return how many."""
    kept = 0
    for path in sorted(earlier.iterdir()) if earlier.is_dir() else ():
        if path.is_file() and not (assets / path.name).exists():
            shutil.copy2(path, assets / path.name)
            kept += 1
    return kept


def hashed_name(path: str, content: bytes) -> str:
    """Return the name of an asset: js/api.js becomes api.1f0c2d3e4b.js."""
    pure = PurePosixPath(path)
    return f"{pure.stem}.{hashlib.sha256(content).hexdigest()[:HASH_CHARACTERS]}{pure.suffix}"


def _paths(site: Path) -> list[str]:
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())


def _in_order(texts: Mapping[str, bytes]) -> list[str]:
    """Return the paths, each after what it imports."""
    graph: dict[str, list[str]] = {path: [] for path in texts}
    for path, content in texts.items():
        if path.endswith(".css") and _URL.search(content.decode()):
            raise ReleaseError(f"{path} names other files, which are not followed in styles.")
        if path.endswith(".js"):
            graph[path] = [
                _resolved(path, found[3]) for found in _IMPORT.finditer(content.decode())
            ]
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise ReleaseError(f"These modules import each other in a circle: {circle}.") from error
    for path in order:
        if path not in texts:
            raise ReleaseError(f"{path} is imported, and the site doesn't have it.")
    return order


def _resolved(path: str, reference: str) -> str:
    """Return the path in the site that a module's reference leads to."""
    found: list[str] = list(PurePosixPath(path).parent.parts)
    for step in PurePosixPath(reference).parts:
        if step == "..":
            found.pop()
        else:
            found.append(step)
    return "/".join(found)


def _with_imports(path: str, content: bytes, names: Mapping[str, str]) -> bytes:
    """Return a module with the new names of what it imports; other files as they are."""

    def renamed(found: re.Match[str]) -> str:
        return f"{found[1]}{found[2]}./{names[_resolved(path, found[3])]}{found[2]}"

    return _IMPORT.sub(renamed, content.decode()).encode() if path.endswith(".js") else content


def _with_links(page: str, names: Mapping[str, str]) -> str:
    """Return the page with the assets' new names; they are relative, as they were."""

    def renamed(found: re.Match[str]) -> str:
        if found[3] not in names:
            raise ReleaseError(f"{PAGE} names {found[3]}, and the site doesn't have it.")
        return f"{found[1]}{found[2]}{ASSETS}/{names[found[3]]}{found[2]}"

    return _LINK.sub(renamed, page)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    if path.suffix not in COMPRESSED or len(content) < SMALLEST_COMPRESSED_BYTES:
        return
    smaller = {
        ".br": brotli.compress(content, quality=11),
        ".gz": gzip.compress(content, compresslevel=9, mtime=0),
    }
    for suffix, data in smaller.items():
        if len(data) < len(content):
            path.with_name(path.name + suffix).write_bytes(data)


def main(arguments: list[str] | None = None) -> int:
    """Write a release as the command line wants it; return the exit status."""
    parser = argparse.ArgumentParser(description="Make the files of a release of the page.")
    parser.add_argument("out", type=Path, help="a new folder")
    parser.add_argument("--site", type=Path, default=SITE, help="the page as it is developed")
    parser.add_argument("--earlier", type=Path, help="a folder with assets of earlier releases")
    chosen = parser.parse_args(arguments)
    try:
        names = release(chosen.site, chosen.out, earlier=chosen.earlier)
    except (ReleaseError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{chosen.out}: {PAGE} and {len(names)} assets\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
