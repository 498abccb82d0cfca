"""Releases of the page: names with hashes, references that lead to them, compressed copies."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
import release as command
from release import ReleaseError, hashed_name, keep_earlier, release

from tests.places import SITE

HASHED = re.compile(r"[\w-]+\.[0-9a-f]{10}\.(?:js|css|svg)")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A page with two modules, of which one imports the other, and a style."""
    folder = tmp_path / "site"
    (folder / "js").mkdir(parents=True)
    (folder / "css").mkdir()
    (folder / "index.html").write_text(
        '<a href="#main">x</a><link rel="stylesheet" href="css/base.css">'
        '<script type="module" src="js/app.js"></script>'
    )
    (folder / "css" / "base.css").write_text("body { color: red }\n" * 30)
    (folder / "js" / "app.js").write_text('import { a } from "./part.js";\na();\n')
    (folder / "js" / "part.js").write_text("export const a = () => 1;\n")
    return folder


def test_the_page_names_files_by_their_content(tmp_path: Path) -> None:
    out = tmp_path / "out"
    names = release(SITE, out)
    page = (out / "index.html").read_text()
    assert len(names) == len([it for it in SITE.rglob("*") if it.is_file()]) - 1
    for path, name in names.items():
        assert HASHED.fullmatch(name), path
        assert (out / "assets" / name).is_file()
        assert f'"assets/{name}"' in page, f"{path} isn't named in the page"
        assert hashed_name(path, (out / "assets" / name).read_bytes()) == name
        assert f'"{path}"' not in page


def test_every_import_leads_to_a_file_of_the_release(tmp_path: Path) -> None:
    release(SITE, tmp_path / "out")
    assets = tmp_path / "out" / "assets"
    imported = {
        name
        for path in assets.glob("*.js")
        for name in re.findall(r'from "\./([^"]+)"', path.read_text())
    }
    assert imported
    assert all((assets / name).is_file() for name in imported)


def test_a_change_renames_the_file_and_what_imports_it_and_nothing_else(
    site: Path, tmp_path: Path
) -> None:
    before = release(site, tmp_path / "before")
    (site / "js" / "part.js").write_text("export const a = () => 2;\n")
    after = release(site, tmp_path / "after")
    changed = {path for path in before if before[path] != after[path]}
    assert changed == {"js/part.js", "js/app.js"}


def test_the_same_site_gives_the_same_release(site: Path, tmp_path: Path) -> None:
    for name in ("one", "other"):
        release(site, tmp_path / name)
    one, other = (
        {it.relative_to(tmp_path / name): it.read_bytes() for it in found if it.is_file()}
        for name in ("one", "other")
        for found in [sorted((tmp_path / name).rglob("*"))]
    )
    assert one == other


def test_compressed_copies_are_the_file(site: Path, tmp_path: Path) -> None:
    names = release(site, tmp_path / "out")
    style = tmp_path / "out" / "assets" / names["css/base.css"]
    small = style.with_name(f"{style.name}.br").read_bytes()
    assert brotli.decompress(small) == style.read_bytes()
    assert len(small) < style.stat().st_size / 4
    assert gzip.decompress(style.with_name(f"{style.name}.gz").read_bytes()) == style.read_bytes()
    part = tmp_path / "out" / "assets" / names["js/part.js"]
    assert not part.with_name(f"{part.name}.br").exists(), "too small to gain from it"


def test_assets_of_earlier_releases_are_kept(site: Path, tmp_path: Path) -> None:
    before = release(site, tmp_path / "before")
    (site / "js" / "part.js").write_text("export const a = () => 2;\n")
    after = release(site, tmp_path / "after", earlier=tmp_path / "before" / "assets")
    kept = {it.name for it in (tmp_path / "after" / "assets").iterdir()}
    assert kept >= {*before.values(), *after.values()}
    assert before["js/part.js"] not in (tmp_path / "after" / "index.html").read_text()
    assert keep_earlier(tmp_path / "none", tmp_path / "after" / "assets") == 0


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("js/part.js", 'import "./app.js";\n', "in a circle: .*js/app.js"),
        ("js/app.js", 'import "./gone.js";\n', "js/gone.js is imported, and the site doesn't"),
        ("index.html", '<img src="gone.svg">', "index.html names gone.svg"),
        ("css/base.css", "a { background: url(x.svg) }", "css/base.css names other files"),
    ],
)
def test_a_site_that_can_t_be_released_is_one_sentence(
    site: Path, tmp_path: Path, file: str, text: str, message: str
) -> None:
    (site / file).write_text(text)
    with pytest.raises(ReleaseError, match=message):
        release(site, tmp_path / "out")


def test_a_release_is_written_to_a_new_folder_only(site: Path, tmp_path: Path) -> None:
    release(site, tmp_path / "out")
    with pytest.raises(ReleaseError, match="isn't empty"):
        release(site, tmp_path / "out")


def test_the_command_reports_what_it_made_or_why_it_did_not(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(tmp_path / "out"), "--site", str(site)]
    assert command.main(arguments) == 0
    assert "index.html and 3 assets" in capsys.readouterr().out
    assert command.main(arguments) == 1
    assert capsys.readouterr().err.count("\n") == 1
