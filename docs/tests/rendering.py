"""Renders the documentation as its readers get it: the Sphinx site, and a Markdown host's pages."""

import html
import shutil
import subprocess
import sys
from pathlib import Path

import cmarkgfm
from cmarkgfm.cmark import Options

BUILD_SECONDS = 300
# What GitHub's own style sheet does to tables, images and long words.
STYLE = """
body { margin: 0; font: 16px/1.5 sans-serif; color-scheme: light dark; }
article { box-sizing: border-box; max-width: 1012px; margin: 0 auto; padding: 16px; }
article { overflow-wrap: break-word; }
table { display: block; width: max-content; max-width: 100%; overflow: auto; }
table { border-spacing: 0; border-collapse: collapse; }
td, th { padding: 6px 13px; border: 1px solid #8886; }
img { max-width: 100%; box-sizing: content-box; }
code { font-size: 85%; padding: .2em .4em; }
pre { overflow: auto; padding: 16px; }
"""


def render_site(docs: Path, out: Path) -> None:
    """Build the site of a folder of pages with Sphinx. CalledProcessError where it fails."""
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", str(docs), str(out)]
    subprocess.run(command, check=True, timeout=BUILD_SECONDS)


def render_markdown_host(docs: Path, out: Path) -> None:
    """Render each page by GitHub's own renderer, beside a copy of the images."""
    shutil.copytree(docs / "images", out / "images")
    for page in sorted(docs.glob("*.md")):
        (out / f"{page.stem}.html").write_text(_hosted(page), encoding="utf-8")


def _hosted(page: Path) -> str:
    body = cmarkgfm.github_flavored_markdown_to_html(
        page.read_text(encoding="utf-8"), options=Options.CMARK_OPT_UNSAFE
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(page.stem)}</title><style>{STYLE}</style></head>"
        f"<body><article>{body}</article></body></html>"
    )
