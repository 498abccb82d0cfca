"""One Jinja environment for all Markdown templates."""

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from generation.paths import TEMPLATES


@cache
def environment() -> Environment:
    """Return the environment; a name that a template doesn't get is an error."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Markdown from our own files
    )
    found.filters["cell"] = cell
    return found


def render(template: str, **values: object) -> str:
    """Return the filled-in template."""
    return environment().get_template(template).render(**values)


def cell(text: str) -> str:
    """Return the text as one line that fits into a cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")
