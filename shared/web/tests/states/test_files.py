"""The files of the page: no build, and nothing from other hosts."""

import re

from tests.places import SITE

INDEX = (SITE / "index.html").read_text()
MOST_LINES = 250
MOST_BYTES = 120_000  # all of it, uncompressed


def test_every_module_and_stylesheet_is_named_in_the_page() -> None:
    """Otherwise the browser would discover them one after the other."""
    for path in [*SITE.glob("js/*.js"), *SITE.glob("css/*.css")]:
        assert f'"{path.relative_to(SITE)}"' in INDEX, path.name


def test_nothing_is_inline_or_from_elsewhere() -> None:
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", INDEX)
    for path in SITE.rglob("*.*"):
        urls = re.findall(r"https?://[\w.]+", path.read_text())
        assert set(urls) <= {"http://www.w3.org"}, path.name


def test_files_are_small() -> None:
    files = [path for path in SITE.rglob("*.*") if path.is_file()]
    assert max(len(path.read_text().splitlines()) for path in files) <= MOST_LINES
    assert sum(path.stat().st_size for path in files) <= MOST_BYTES
