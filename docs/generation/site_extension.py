"""Sphinx extension: write the reference pages before the site is built."""

from typing import TYPE_CHECKING

from generation import reference_api, reference_results, reference_settings
from generation.paths import DOCS

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDER = DOCS / "reference"
PAGES = {
    "api.md": reference_api.page,
    "settings.md": reference_settings.page,
    "results.md": reference_results.page,
}


def write_reference() -> None:
    """Write each page whose text has changed."""
    FOLDER.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        path, text = FOLDER / name, page()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def setup(app: "Sphinx") -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("builder-inited", lambda _: write_reference())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
