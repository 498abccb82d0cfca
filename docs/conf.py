"""Sphinx configuration of the documentation site (`make docs` builds it into docs/_build)."""

project = "One flow, built twice"
author = "The maintainers"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "tests", "README.md"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "One flow, built twice"
html_static_path: list[str] = []
nitpicky = True
