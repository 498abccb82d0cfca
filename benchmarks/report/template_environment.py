"""The Jinja environment of the templates, with the filters that format figures."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from benchmarks.analysis.verdicts import FEWEST_BLOCKS
from benchmarks.report import claim_texts, formats
from benchmarks.report.process_kinds import kind_of

TEMPLATES = Path(__file__).with_name("templates")
STYLE = Path(__file__).with_name("page.css")


@cache
def environment() -> Environment:
    """Return the environment, which escapes values and raises for missing ones.

    There is one of it, since each compiles the templates again.
    """
    created = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html", "j2")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    created.filters |= {
        "number": formats.number,
        "percent": formats.percent,
        "ms": formats.ms,
        "mib": formats.mib,
        "significant": formats.significant,
        "measured": formats.measured,
        "moment": formats.moment,
        "span": formats.span,
        "label": formats.label,
        "interval": formats.interval,
        "fitted": formats.fitted,
        "bounds": formats.bounds,
        "glued": formats.glued,
        "counted": formats.count,
        "capitalized": formats.capitalized,
        "kind": kind_of,
        "verdict": claim_texts.verdict,
        "verdict_class": claim_texts.verdict_class,
        "compared": claim_texts.compared,
        "of": claim_texts.of,
        "side_name": claim_texts.side_name,
        "side_value": claim_texts.side_value,
        "deciding": claim_texts.deciding,
        "restated": claim_texts.restated,
        "range": claim_texts.interval,
        "smallest": claim_texts.smallest,
        "power": claim_texts.power,
        "plot": claim_texts.plot,
    }
    created.globals["verdict_classes"] = claim_texts.VERDICT_CLASSES
    created.globals["level"] = claim_texts.LEVEL
    created.globals["fewest_blocks"] = FEWEST_BLOCKS
    created.globals["style"] = Markup(STYLE.read_text(encoding="utf-8"))  # noqa: S704 - our own file
    return created
