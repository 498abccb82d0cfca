"""The templates' environment: where they are, and how they write numbers."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from benchmarks.report import wording
from benchmarks.report.kinds import kind_of

TEMPLATES = Path(__file__).with_name("templates")
STYLE = Path(__file__).with_name("page.css")


def environment() -> Environment:
    """Make the environment; what comes from outside is escaped, what is missing raises."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html", "j2")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "number": wording.number,
        "percent": wording.percent,
        "ms": wording.ms,
        "mib": wording.mib,
        "significant": wording.significant,
        "measured": wording.measured,
        "moment": wording.moment,
        "span": wording.span,
        "label": wording.label,
        "interval": wording.interval,
        "fitted": wording.fitted,
        "bounds": wording.bounds,
        "glued": wording.glued,
        "power": wording.power,
        "counted": wording.count,
        "capitalized": wording.capitalized,
        "kind": kind_of,
    }
    made.globals["style"] = Markup(STYLE.read_text(encoding="utf-8"))  # noqa: S704 - our own file
    return made
