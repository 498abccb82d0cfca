"""The templates' environment: where they are, and how they write numbers in Markdown."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from benchmarks.report import claim_texts, formats
from benchmarks.results_model.faults_figures import SecondsAfter
from benchmarks.results_model.figures import OverTrials, Ratio

TEMPLATES = Path(__file__).with_name("templates")


@cache
def environment() -> Environment:
    """Return the environment; what is missing raises. Markdown needs no escaping of HTML."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701 - Markdown of our own data
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "number": formats.number,
        "restated": claim_texts.restated,
        "capitalized": formats.capitalized,
        "percent": formats.percent,
        "kib": formats.kib,
        "ms": formats.ms,
        "significant": formats.significant,
        "day": day,
        "with_interval": with_interval,
        "cell": cell,
        "since": since,
    }
    return made


def day(moment: str) -> str:
    """Return the date of a moment of the results document, as 2026-11-24."""
    return moment[:10]


def with_interval(found: OverTrials | Ratio, digits: int = 1) -> str:
    """Return the mean or ratio with the interval beside it, where there is one."""
    value = formats.number(found.mean if isinstance(found, OverTrials) else found.ratio, digits)
    if found.low is None or found.high is None:
        return value
    ends = (formats.number(end, digits) for end in (found.low, found.high))
    return f"{value} ({' to '.join(ends)})"


def since(seconds: SecondsAfter) -> str:
    """Return the seconds after a failure, with how often that wasn't seen in the watched time."""
    missing = f"{seconds.not_seen} not seen" if seconds.not_seen else ""
    if seconds.mean is None:
        return missing or formats.NONE
    mean = f"{formats.number(seconds.mean)}{formats.NARROW_NO_BREAK}s"
    return f"{mean}; {missing}" if missing else mean


def cell(text: str) -> str:
    """Escape text of the data for a cell of a table, where a pipe would end the cell."""
    return text.replace("|", "\\|").replace("\n", " ")
