"""Tables that pages compute from a committed run, one block for each table.

A page has `<!-- computed: NAME ARGUMENT… -->`, the table, and `<!-- /computed -->`. Run as a
program this writes what the committed run has into the pages; a test fails where a page differs.
Without a committed run a block is one sentence that says so.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
RUN = ROOT / "benchmarks" / "results" / "example-faults" / "results.json"
PAGES = ("docs/findings-faults.md",)
NO_RUN = "No run is committed yet."
DASH, MINUS = "\u2013", "\u2212"
_BLOCK = re.compile(
    r"<!-- computed: (?P<call>[a-z -]+?) -->\n(?P<text>.*?)<!-- /computed -->", re.DOTALL
)
Found = Mapping[str, Any]


def refreshed(text: str, run: Path = RUN) -> str:
    """The page with its blocks computed from the run. KeyError for a block that there isn't."""

    def renew(block: re.Match[str]) -> str:
        name, *arguments = block["call"].split()
        made = BLOCKS[name]
        content = made(_read(run), *arguments) if run.exists() else NO_RUN
        return f"<!-- computed: {block['call']} -->\n\n{content}\n\n<!-- /computed -->"

    return _BLOCK.sub(renew, text)


def _read(run: Path) -> Found:
    found: Found = json.loads(run.read_text(encoding="utf-8"))["experiments"]["faults"]
    return found


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _share(value: float | None) -> str:
    return DASH if value is None else f"{value:.0%}".replace("%", " %")


def _signed(value: float | None, unit: str) -> str:
    if value is None:
        return DASH
    number = f"{value * 100:+.1f} points" if unit == "share" else f"{value:+.1f} s"
    return number.replace("-", MINUS)


def _ms(value: float | None) -> str:
    return DASH if value is None else f"{value:,.0f}".replace(",", " ")


def _since(seconds: Found) -> str:
    mean = DASH if seconds["mean"] is None else f"{seconds['mean']:.1f} s"
    missing = seconds["not_seen"]
    return f"{mean}, {missing} not in the watched time" if missing else mean


def claims(found: Found) -> str:
    """Each claim with its difference, its interval and its verdict."""
    rows = [
        (
            claim["says"],
            f"{claim['measure']}, {claim['of']}",
            _signed(claim["difference"], claim["unit"]),
            f"{_signed(claim['low'], claim['unit'])} to {_signed(claim['high'], claim['unit'])}",
            claim["verdict"],
        )
        for claim in found["claims"]
    ]
    kept = found["kept"]
    counts = ", ".join(
        f"{name} {it['lost'] + it['doubled']} of {it['accepted']}"
        for name, it in kept["sides"].items()
    )
    rows.append((kept["says"], kept["measure"], counts, DASH, kept["verdict"]))
    return _table(("claim", "measure", "difference", "95 % interval", "verdict"), rows)


def alternatives(found: Found) -> str:
    """Each claim measured as a critic would have it."""
    return _table(
        ("claim", "measured otherwise", "difference", "95 % interval", "verdict"),
        (
            (
                claim["name"],
                it["says"],
                _signed(it["difference"], claim["unit"]),
                f"{_signed(it['low'], claim['unit'])} to {_signed(it['high'], claim['unit'])}",
                it["verdict"],
            )
            for claim in found["claims"]
            for it in claim["alternatives"]
        ),
    )


def availability(found: Found, sweep: str) -> str:
    """Features in columns, both architectures' components in rows."""
    features = found["features"]
    return _table(
        ("architecture", "component", *features, "mean"),
        (
            (
                arm["name"],
                fault["component"],
                *(_share(fault["features"][it]["during"]["share"]) for it in features),
                _share(fault["mean"]),
            )
            for arm, fault in _faults(found, sweep)
        ),
    )


def recovery(found: Found, sweep: str) -> str:
    """Slowness while a component is down, and the seconds until all is well again."""
    heads = ("architecture", "component", "p95 in calm, ms", "p95 meanwhile, ms")
    return _table(
        (*heads, "slowed", "all works after", "all ready after"),
        (
            (
                arm["name"],
                fault["component"],
                _ms(arm["calm_ms"]["p95"]),
                _ms(fault["requests_ms"]["p95"]),
                _share(fault["slowed"]),
                _since(fault["recovered"]),
                _since(fault["drained"]),
            )
            for arm, fault in _faults(found, sweep)
        ),
    )


def kept(found: Found) -> str:
    """What each arm of each sweep kept."""
    names = ("accepted", "lost", "doubled", "leaked", "failed")
    return _table(
        ("sweep", "architecture", *names),
        (
            (sweep["name"], arm["name"], *(str(arm["kept"][name]) for name in names))
            for sweep in found["sweeps"]
            for arm in sweep["arms"]
        ),
    )


def _faults(found: Found, name: str) -> Iterable[tuple[Found, Found]]:
    (sweep,) = [it for it in found["sweeps"] if it["name"] == name]
    return ((arm, fault) for arm in sweep["arms"] for fault in arm["faults"])


BLOCKS: dict[str, Callable[..., str]] = {
    made.__name__: made for made in (claims, alternatives, availability, recovery, kept)
}


if __name__ == "__main__":
    for name in PAGES:
        page = ROOT / name
        before = page.read_text(encoding="utf-8")
        after = refreshed(before)
        if after != before:
            page.write_text(after, encoding="utf-8")
            sys.stdout.write(f"{name}: tables renewed\n")
