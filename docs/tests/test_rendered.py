"""The generated pages in a real browser, as the site and as a Markdown host show them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from browser import NoBrowserError, find_browser, start_browser
from playwright.sync_api import Browser, Page, ViewportSize
from rendering import render_markdown_host, render_site

DOCS = Path(__file__).parents[1]
PAGES = ("reliability", "growth", "profile", "recognizer", "internet-scale", "trace")
GENERATED = sorted(
    path.stem
    for path in (
        *DOCS.glob("findings*.md"),
        *(DOCS / f"{name}.md" for name in PAGES),
    )
)
FIGURED = [name for name in GENERATED if (DOCS / "images" / f"{name}.svg").exists()]
LOOKED_AT = [*GENERATED, "method"]
RENDERERS: dict[str, Callable[[Path, Path], None]] = {
    "site": render_site,
    "markdown-host": render_markdown_host,
}
DESKTOP = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=390, height=844)
ColorScheme = Literal["light", "dark"]
SCHEMES: tuple[ColorScheme, ...] = ("light", "dark")
OPENING_MS = 120_000
# Markers, comments and template text that a reader sees. Sphinx writes two hyphens as a dash.
LEAKS = r"<!(--|\u2013)|(--|\u2013)>|\{\{|\}\}|\{%|%\}|<\/?(details|summary)>"
LOOK = Path(__file__).with_name("look.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        find_browser()
    except NoBrowserError as error:
        pytest.fail(str(error))
    with start_browser() as started:
        yield started


class Windows:
    """One window for each size and colour scheme: to open one takes longer than to show a page."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._pages: dict[tuple[int, ColorScheme], Page] = {}

    def show(self, path: Path, size: ViewportSize, scheme: ColorScheme = "light") -> Page:
        """Load a rendered page; a busy machine may take its time."""
        key = (size["width"], scheme)
        if key not in self._pages:
            self._pages[key] = self._browser.new_page(viewport=size, color_scheme=scheme)
            self._pages[key].set_default_timeout(OPENING_MS)
        self._pages[key].goto(path.as_uri())
        return self._pages[key]


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Windows:
    return Windows(browser)


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folder of each renderer's pages."""
    folders = {}
    for name, render in RENDERERS.items():
        folders[name] = tmp_path_factory.mktemp(name)
        render(DOCS, folders[name])
    return folders


def looked_at(page: Page) -> dict[str, Any]:
    """What a reader sees of the page that is open, with everything unfolded."""
    found: dict[str, Any] = page.evaluate(LOOK, LEAKS)
    return found


@pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("renderer", RENDERERS)
@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_page_is_whole(
    windows: Windows, rendered: dict[str, Path], name: str, renderer: str, width: ViewportSize
) -> None:
    found = looked_at(windows.show(rendered[renderer] / f"{name}.html", width))
    assert found["leaks"] == []
    assert found["comments"] == []
    assert found["wide_tables"] == []
    assert found["page_width"] <= width["width"], "the page scrolls sideways"
    assert found["hidden_images"] == []
    assert (found["tables"] > 0) == (name in GENERATED)
    assert found["images"] == (1 if name in FIGURED else 0)


@pytest.mark.parametrize("name", FIGURED)
def test_a_figure_has_its_own_colours_in_the_dark(
    windows: Windows, rendered: dict[str, Path], name: str
) -> None:
    path = rendered["site"] / f"{name}.html"
    light, dark = (
        windows.show(path, PHONE, scheme).locator("article img").screenshot() for scheme in SCHEMES
    )
    assert light != dark


BROKEN = """# A page

| claim | ratio |
| --- | --- |
| <!-- = path | s -->Less CPU.<!-- / --> | 1 |

| a | b | c | d | e | f | g | h | i |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| microservices | microservices | microservices | microservices | microservices | a | b | c | d |

<!-- computed: table -->

![none](images/none.svg)

<div style="width: 2000px">wide</div>
"""


def test_what_is_broken_is_seen(windows: Windows, tmp_path: Path) -> None:
    docs, out = tmp_path / "docs", tmp_path / "out"
    (docs / "images").mkdir(parents=True)
    (docs / "page.md").write_text(BROKEN, encoding="utf-8")
    render_markdown_host(docs, out)
    found = looked_at(windows.show(out / "page.html", PHONE))
    assert len(found["leaks"]) >= 2
    assert found["comments"][-1] == "computed: table"
    assert found["wide_tables"][-1] == "a b c d e f g h i"
    assert found["page_width"] > PHONE["width"]
    assert found["hidden_images"] == ["none"]
