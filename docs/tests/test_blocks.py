"""A page's computed tables are those of the committed run, and each block makes a table."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from blocks import BLOCKS, NO_RUN, PAGES, ROOT, refreshed

DOWN, RANGE = "\u221210.0 points", "\u221220.0 points to +5.0 points"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_what_the_committed_run_has(name: str) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    assert refreshed(page) == page, "python docs/tests/blocks.py renews it"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_s_markers_are_read(name: str) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    opened = re.findall(r"<!-- computed: .*?-->", page)
    assert opened
    assert len(opened) == len(re.findall("<!-- /computed -->", page))
    assert not any("|" in it for it in opened), "a pipe ends a cell, in some readers"


def fault(component: str) -> dict[str, Any]:
    return {
        "component": component,
        "features": {"page": {"during": {"share": 0.5}}, "read": {"during": {"share": None}}},
        "mean": 0.25,
        "requests_ms": {"p95": 1234.5},
        "slowed": 0.1,
        "recovered": {"mean": 1.25, "longest": 2.0, "not_seen": 1},
        "drained": {"mean": None, "longest": None, "not_seen": 0},
    }


@pytest.fixture
def run(tmp_path: Path) -> Path:
    kept = {"accepted": 9, "lost": 1, "doubled": 0, "leaked": 2, "failed": 0}
    arm = {"name": "monolith", "calm_ms": {"p95": 80.0}, "faults": [fault("web")], "kept": kept}
    claim = {
        "name": "processes",
        "says": "More stays up.",
        "measure": "availability",
        "of": "a - b",
        "unit": "share",
        "difference": -0.1,
        "low": -0.2,
        "high": 0.05,
        "verdict": "inconclusive",
    }
    other = {"says": "otherwise", "difference": 0.1, "low": 0.05, "high": 0.2}
    claim["alternatives"] = [{**other, "verdict": "supported"}]
    found = {
        "features": ["page", "read"],
        "claims": [claim],
        "kept": {
            "says": "Nothing is lost.",
            "measure": "lost or doubled",
            "sides": {"monolith": kept},
            "verdict": "not supported",
        },
        "sweeps": [{"name": "killed", "arms": [arm]}],
    }
    path = tmp_path / "results.json"
    path.write_text(json.dumps({"experiments": {"faults": found}}))
    return path


@pytest.mark.parametrize(
    ("call", "rows"),
    [
        (
            "claims",
            [
                f"| More stays up. | availability, a - b | {DOWN} | {RANGE} | inconclusive |",
                "| Nothing is lost. | lost or doubled | monolith 1 of 9 | \u2013 | not supported |",
            ],
        ),
        (
            "alternatives",
            ["| processes | otherwise | +10.0 points | +5.0 points to +20.0 points | supported |"],
        ),
        ("availability killed", ["| monolith | web | 50 % | \u2013 | 25 % |"]),
        (
            "recovery killed",
            ["| monolith | web | 80 | 1 234 | 10 % | 1.2 s, 1 not in the watched time | \u2013 |"],
        ),
        ("kept", ["| killed | monolith | 9 | 1 | 0 | 2 | 0 |"]),
    ],
)
def test_a_block_is_a_table_of_the_run(run: Path, call: str, rows: list[str]) -> None:
    page = f"before\n\n<!-- computed: {call} -->\n\nold\n\n<!-- /computed -->\n\nafter\n"
    made = refreshed(page, run)
    assert [line for line in made.splitlines() if line.startswith("| ")][2:] == rows
    assert made.startswith("before\n\n<!-- computed:")
    assert made.endswith("<!-- /computed -->\n\nafter\n")
    assert refreshed(made, run) == made
    assert call.split(maxsplit=1)[0] in BLOCKS


def test_without_a_run_a_block_says_so(tmp_path: Path) -> None:
    page = "<!-- computed: kept -->\n<!-- /computed -->\n"
    assert NO_RUN in refreshed(page, tmp_path / "none.json")


def test_an_unknown_block_is_refused(run: Path) -> None:
    with pytest.raises(KeyError):
        refreshed("<!-- computed: nothing -->\n<!-- /computed -->\n", run)
