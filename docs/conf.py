"""Sphinx configuration of the documentation site (`make docs` builds it into docs/_build)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "One flow, built twice"
author = "The maintainers"
project_copyright = "2026, the maintainers, MIT licence"
extensions = ["myst_parser", "generation.site_extension"]
source_suffix = {".md": "markdown"}
exclude_patterns = [".*", "_build", "tests", "generation", "diagrams", "README.md"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "One flow, built twice"
html_static_path = ["_static"]
html_css_files = ["site.css"]
nitpicky = True
