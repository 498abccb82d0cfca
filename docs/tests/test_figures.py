"""The figures that pages cite are those of the committed example run."""

import json
import re

import figures
import pytest


@pytest.mark.parametrize("name", figures.PAGES)
def test_a_page_s_figures_are_the_example_s(name: str) -> None:
    """`python docs/tests/figures.py` writes them."""
    for path, form, text in figures.cited((figures.ROOT / name).read_text()):
        assert text == figures.told(path, form), f"{name} cites {path}"


def test_the_findings_cite_and_don_t_type() -> None:
    """No percentage or ratio stands on the page of findings but by citation."""
    text = (figures.ROOT / "docs" / "findings.md").read_text()
    assert len(figures.cited(text)) >= 20
    prose = re.sub(r"<!-- = .*?<!-- / -->", "", text).replace("95 % interval", "")
    assert re.findall(r"\d+(?:\.\d+)? %|\b\d+\.\d{2,}\b", prose) == []


def test_a_figure_that_differs_is_found() -> None:
    (path, form, text), *_ = figures.cited((figures.ROOT / "docs" / "findings.md").read_text())
    changed = f"<!-- = {path} | {form} -->{text}1<!-- / -->"
    assert figures.cited(changed)[0][2] != figures.told(path, form)
    assert figures.refreshed(changed) == f"<!-- = {path} | {form} -->{text}<!-- / -->"


def test_a_path_that_leads_nowhere_is_an_error() -> None:
    with pytest.raises(KeyError, match="there is no nonsense"):
        figures.told("experiments/scaling/claims/nonsense/ratio", ".3f")


def test_the_example_names_its_machine_and_its_commit() -> None:
    environment = json.loads((figures.EXAMPLE / "results.json").read_text())["environment"]
    assert environment["cpu"]["model"]
    assert re.fullmatch(r"[0-9a-f]{40}", environment["source"]["commit"])
    assert not environment["source"]["changed"], "the example was made with uncommitted changes"
