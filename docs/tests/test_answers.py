"""The answers on the README and the start page are those of the committed runs."""

import json
import shutil
from pathlib import Path

import pytest
from generation import answers, page_blocks
from generation.paths import RESULTS

RUNS = sorted(RESULTS.glob("example*/results.json"))


@pytest.mark.parametrize("block", page_blocks.BLOCKS, ids=lambda block: block.page.name)
def test_a_page_shows_what_the_runs_have(block: page_blocks.Block) -> None:
    text = block.page.read_text(encoding="utf-8")
    assert page_blocks.updated(block, text) == text, "run: make docs"


@pytest.mark.parametrize("block", page_blocks.BLOCKS, ids=lambda block: block.page.name)
def test_a_changed_figure_is_found(block: page_blocks.Block) -> None:
    text = block.page.read_text(encoding="utf-8")
    section = page_blocks.generated(block)
    figure = next(it for it in section.split() if it.strip("*(|").startswith(("0.", "1.")))
    changed = text.replace(section, section.replace(figure, figure + "1"))
    assert changed != text
    assert page_blocks.updated(block, changed) == text


def test_each_figure_of_the_start_page_is_an_item_of_its_own() -> None:
    """An item that begins within the line before it is shown as text of that line."""
    (block,) = (it for it in page_blocks.BLOCKS if it.page.name == "index.md")
    lines = page_blocks.generated(block).splitlines()
    figures = [figure for answer in answers.answers() for figure in answer.figures]
    assert sum(line.startswith("- **") for line in lines) == len(figures)
    links = [number for number, line in enumerate(lines) if line.startswith("[Details](")]
    assert [lines[number - 1] for number in links] == [""] * len(answers.answers())


def test_an_answer_has_figures_only_if_there_is_a_run(tmp_path: Path) -> None:
    without = answers.answers(tmp_path)
    assert [it.name for it in without] == ["cost", "scaling", "releases", "tests", "failure"]
    assert not any(it.figures for it in without)
    with_runs = {it.name: it for it in answers.answers()}
    for name in ("cost", "scaling", "releases", "tests"):
        assert with_runs[name].figures


def test_the_figures_are_the_runs_own() -> None:
    """Computed here a second time, for one claim, from the file itself."""
    content = json.loads((RESULTS / "example" / "results.json").read_text())
    (claim,) = [
        it
        for it in content["experiments"]["scaling"]["claims"]
        if it["name"] == "memory-per-replica"
    ]
    figure = next(it for it in answers.answers() if it.name == "scaling").figures[0]
    low, high = map(float, figure.interval.split(" to "))
    assert float(figure.value) == pytest.approx(claim["value"], rel=0.005)
    assert (low, high) == pytest.approx((claim["low"], claim["high"]), rel=0.005)
    assert f"monolith, whole {claim['first'] / 2**20:.1f} MiB" in figure.sides


CLAIM = {
    "scale": "difference",
    "unit": "share",
    "first_side": "services",
    "second_side": "monolith",
    "first": 0.75,
    "second": 0.7,
    "value": 0.05,
    "low": 0.01,
    "high": 0.09,
}


def _run_with(tmp_path: Path, **claim: float | str | None) -> Path:
    folder = tmp_path / "example-faults"
    folder.mkdir(exist_ok=True)
    claims = [{**CLAIM, **claim, "name": name} for name in ("processes", "backing", "recovery")]
    content = {"experiments": {"faults": {"claims": claims}}}
    (folder / "results.json").write_text(json.dumps(content))
    return tmp_path


@pytest.mark.parametrize(
    ("verdict", "shows"),
    [
        ("supported", "more of the services works"),
        ("not supported", "more of the monolith works"),
        ("no difference that matters", "no difference that matters"),
        ("inconclusive", "inconclusive"),
    ],
)
def test_what_a_figure_shows_follows_from_the_verdict(
    tmp_path: Path, verdict: str, shows: str
) -> None:
    """An interval that excludes equality isn't enough: the verdict's rules are stricter."""
    results = _run_with(tmp_path, verdict=verdict)
    answers._claims.cache_clear()
    (failure,) = [it for it in answers.answers(results) if it.name == "failure"]
    figure = failure.figures[0]
    assert figure.shows == shows
    assert (figure.value, figure.interval) == ("+5.0 points", "+1.0 to +9.0 points")
    assert figure.sides == "services 75.0 %, monolith 70.0 %"
    assert figure.compared == "services \u2212 monolith"


def test_what_was_not_measured_has_no_figure(tmp_path: Path) -> None:
    results = _run_with(tmp_path, verdict="inconclusive", value=None, low=None, high=None)
    answers._claims.cache_clear()
    (failure,) = [it for it in answers.answers(results) if it.name == "failure"]
    assert (failure.figures[0].shows, failure.figures[0].value) == ("not measured", "")


def test_a_run_without_a_claim_is_an_error(tmp_path: Path) -> None:
    shutil.copytree(RESULTS / "example-deploy", tmp_path / "example", ignore=_all_but_results)
    with pytest.raises(KeyError):
        answers.answers(tmp_path)
    answers._claims.cache_clear()
    (tmp_path / "example" / "results.json").write_text(
        json.dumps({"experiments": {"scaling": {"claims": []}}})
    )
    with pytest.raises(answers.MissingClaimError, match="no claim memory-per-replica"):
        answers.answers(tmp_path)


def _all_but_results(folder: str, names: list[str]) -> list[str]:
    return [it for it in names if it != "results.json"]
