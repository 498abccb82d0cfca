"""The files of the web page that an edge serves: a release, or the page as it is developed."""

import shutil
from pathlib import Path

from benchmarks.targets.architectures import WEB_RELEASE, WEB_SITE
from benchmarks.targets.local.placement import Installed

ASSETS = "assets"  # below a release, and below the published folder


def root(installed: Installed) -> Path:
    """Return the folder of the page: a release, or the page as it is developed."""
    release = installed.files(WEB_RELEASE)
    return release if release.is_dir() else installed.files(WEB_SITE)


def publish(installed: Installed, published: Path) -> None:
    """Add a release's assets to the published ones; those of earlier releases stay.

    Their names have the hash of their content, so the same name is the same file. This comes before
    the page that names them, and a page that is open in a browser still finds its own.
    """
    target = published / ASSETS
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted((root(installed) / ASSETS).glob("*")):
        if not (target / path.name).exists():
            draft = target / f"{path.name}.draft"
            shutil.copyfile(path, draft)
            draft.replace(target / path.name)  # whole, since the edge serves the folder
