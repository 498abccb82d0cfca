"""The figures that pages cite, read from the committed example runs.

A page cites one as `<!-- = PATH | FORMAT -->text<!-- / -->`: PATH leads into a JSON file of
`benchmarks/results/example/` (`results` unless it begins with another's name, `selfcheck:`), or
into the results of another example (`deploy:`); a step in a list is the name of what is meant.
FORMAT is Python's, or one of `FORMS`. Run as a program this writes what the results say into the
pages.
"""

import json
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "results"
EXAMPLE = RESULTS / "example"
OTHERS = ("deploy", "contract", "isolation")  # each has an example of its own, `example-deploy`
PAGES = (
    *("README.md", "benchmarks/README.md", "docs/method.md"),
    *("docs/findings.md", "docs/findings-deploy.md", "docs/findings-contract.md"),
    "docs/findings-isolation.md",
)
_CITED = re.compile(r"<!-- = (?P<path>[^|>]+?) \| (?P<form>[^>]+?) -->(?P<text>.*?)<!-- / -->")
_NAMES = ("name", "arm", "label", "work_cpu_ms")

FORMS: dict[str, Callable[[Any], str]] = {
    "percent": lambda value: f"{abs(value) * 100:.1f} %",
    "difference": lambda value: f"{abs(value - 1) * 100:.1f} %",
    "whole": lambda value: f"{value:.0f}",
    "mib": lambda value: f"{value / 2**20:.0f} MiB",
}


def cited(text: str) -> list[tuple[str, str, str]]:
    """Each (path, form, text) of a page."""
    return [(it["path"], it["form"], it["text"]) for it in _CITED.finditer(text)]


def refreshed(text: str) -> str:
    """The page with what the results say now."""

    def renew(found: re.Match[str]) -> str:
        value = told(found["path"], found["form"])
        return f"<!-- = {found['path']} | {found['form']} -->{value}<!-- / -->"

    return _CITED.sub(renew, text)


def told(path: str, form: str) -> str:
    """What the example run says at a path; KeyError where it says nothing."""
    document, _, rest = path.rpartition(":")
    value = _read(document or "results")
    for step in rest.split("/"):
        value = _step(value, step, path)
    if value is None:
        raise KeyError(f"{path}: the example has no figure there")
    return FORMS[form](value) if form in FORMS else format(value, form)


def _step(value: Any, step: str, path: str) -> Any:
    if isinstance(value, dict) and step in value:
        return value[step]
    if isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                if any(str(item.get(name)) == step for name in _NAMES):
                    return item
            elif step.isdigit():
                return value[int(step)]
    raise KeyError(f"{path}: there is no {step}")


@cache
def _read(name: str) -> Any:
    if name == "environment":
        return _read("results")[name]
    path = (
        RESULTS / f"example-{name}" / "results.json" if name in OTHERS else EXAMPLE / f"{name}.json"
    )
    return json.loads(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    for name in PAGES:
        page = ROOT / name
        before = page.read_text(encoding="utf-8")
        after = refreshed(before)
        if after != before:
            page.write_text(after, encoding="utf-8")
            sys.stdout.write(f"{name}: figures renewed\n")
