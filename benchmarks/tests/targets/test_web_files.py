"""What an edge serves of releases: the page of one, the assets of all."""

from pathlib import Path

import pytest
from benchmarks.targets.architectures import REPOSITORY, WEB_RELEASE, WEB_SITE
from benchmarks.targets.errors import ReleaseError
from benchmarks.targets.git import resolve
from benchmarks.targets.local import web_files
from benchmarks.targets.local.placement import Installed
from benchmarks.targets.releases.web_release import add_web_release, make_web_release


def installed(root: Path) -> Installed:
    return Installed(root, root, "1", "a commit")


def released(root: Path, **assets: str) -> Installed:
    """Return a version with a release of these assets."""
    folder = root / WEB_RELEASE.relative_to(REPOSITORY)
    (folder / "assets").mkdir(parents=True)
    for name, text in assets.items():
        (folder / "assets" / name).write_text(text)
    return installed(root)


def test_a_release_is_served_where_there_is_one_and_the_page_as_it_is_otherwise(
    tmp_path: Path,
) -> None:
    assert web_files.root(installed(REPOSITORY)) == WEB_SITE
    found = released(tmp_path)
    assert web_files.root(found) == tmp_path / WEB_RELEASE.relative_to(REPOSITORY)


def test_the_assets_of_earlier_releases_stay(tmp_path: Path) -> None:
    """A page that is open in a browser still finds its own, also after the release is undone."""
    first = released(tmp_path / "1", **{"api.1.js": "one", "base.1.css": "same"})
    second = released(tmp_path / "2", **{"api.2.js": "two", "base.1.css": "same"})
    published = tmp_path / "published"
    for version in (first, second, first):
        web_files.publish(version, published)
    assets = {it.name: it.read_text() for it in (published / "assets").iterdir()}
    assert assets == {"api.1.js": "one", "api.2.js": "two", "base.1.css": "same"}


def test_a_page_as_it_is_developed_publishes_nothing(tmp_path: Path) -> None:
    web_files.publish(installed(REPOSITORY), tmp_path)
    assert list((tmp_path / "assets").iterdir()) == []


def test_the_release_of_a_commit_s_page_is_made_once(tmp_path: Path) -> None:
    site = tmp_path / "1" / WEB_SITE.relative_to(REPOSITORY)
    site.mkdir(parents=True)
    (site / "index.html").write_text("<p>faces</p>")
    page = WEB_RELEASE.relative_to(REPOSITORY) / "index.html"
    for number in ("1", "2"):  # the second has no site to make a release of
        add_web_release(resolve("HEAD"), tmp_path / number, tmp_path / "store")
        assert (tmp_path / number / page).read_text() == "<p>faces</p>"


def test_a_page_that_can_t_be_released_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text('<script src="gone.js"></script>')
    with pytest.raises(ReleaseError, match=r"can't be released: index.html names gone.js"):
        make_web_release(tmp_path / "site", tmp_path / "out")
