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
    assert float(figure.value) == pytest.approx(claim["ratio"], rel=0.005)
    assert float(figure.low) == pytest.approx(claim["low"], rel=0.005)
    assert float(figure.high) == pytest.approx(claim["high"], rel=0.005)


def _run_with(tmp_path: Path, **claim: float | str | None) -> Path:
    folder = tmp_path / "example-faults"
    folder.mkdir(exist_ok=True)
    content = {"experiments": {"faults": {"claims": [{"unit": "share", **claim}]}}}
    for name in ("backing", "recovery"):
        content["experiments"]["faults"]["claims"].append({**claim, "name": name, "unit": "s"})
    (folder / "results.json").write_text(json.dumps(content))
    return tmp_path


@pytest.mark.parametrize(
    ("low", "high", "shows"),
    [
        (0.01, 0.2, "more of the services works"),
        (-0.2, -0.01, "more of the monolith works"),
        (-0.1, 0.1, "inconclusive"),
        (0.0, 0.0, "no difference"),
        (None, None, "inconclusive"),
    ],
)
def test_a_difference_is_stated_only_if_its_interval_excludes_equality(
    tmp_path: Path, low: float | None, high: float | None, shows: str
) -> None:
    results = _run_with(tmp_path, name="processes", difference=0.05, low=low, high=high)
    answers._claims.cache_clear()
    (failure,) = [it for it in answers.answers(results) if it.name == "failure"]
    assert failure.figures[0].shows == shows
    assert failure.figures[0].value == "+5.0 points"


def test_a_run_without_a_claim_is_an_error(tmp_path: Path) -> None:
    shutil.copytree(RESULTS / "example-deploy", tmp_path / "example", ignore=_all_but_results)
    with pytest.raises(KeyError):
        answers.answers(tmp_path)
    answers._claims.cache_clear()
    (tmp_path / "example" / "results.json").write_text(
        json.dumps({"experiments": {"scaling": {"claims": []}}})
    )
    with pytest.raises(answers.MissingClaimError, match="no claim cpu-per-submission"):
        answers.answers(tmp_path)


def _all_but_results(folder: str, names: list[str]) -> list[str]:
    return [it for it in names if it != "results.json"]
