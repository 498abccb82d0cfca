"""The committed findings pages are as generated, and their sentences are those of the runs."""

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from benchmarks.analysis.verdicts import Verdict
from benchmarks.report.findings.errors import FindingsError, OutdatedSentencesError
from benchmarks.report.findings.markdown import environment
from benchmarks.report.findings.pages import DOCS, OVERVIEW, PAGES, RESULTS, generate, write
from benchmarks.report.formats import capitalized
from benchmarks.results_model import reading

MOST_LINES, LONGEST_LINE = 190, 530  # the reasons of the verdicts are folded away
# A drawing's coordinates may differ in their last digits from machine to machine.
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
TOLERANCE = 0.5  # of a point; no one sees less


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return generate()


def committed() -> list[str]:
    pages = [path.name for path in DOCS.glob("findings*.md")]
    figures = [f"images/{path.name}" for path in (DOCS / "images").glob("findings*.svg")]
    more = ["reliability.md", "decide.md", "growth.md"]
    more += [
        name
        for page in ("profile", "recognizer", "rehearsal", "trace", "internet-scale")
        for name in (f"{page}.md", f"images/{page}.svg")
    ]
    return sorted([*pages, *more, *figures])


def alike(one: str, other: str) -> bool:
    if _NUMBER.split(one) != _NUMBER.split(other):
        return False
    pairs = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=True)
    return all(abs(float(first) - float(second)) <= TOLERANCE for first, second in pairs)


def test_every_page_and_figure_is_generated_and_committed(files: dict[str, str]) -> None:
    assert sorted(files) == committed()


@pytest.mark.parametrize("name", [name for name in committed() if name.endswith(".md")])
def test_a_page_is_as_generated(files: dict[str, str], name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == files[name], "run: make findings"


@pytest.mark.parametrize("name", [name for name in committed() if name.endswith(".svg")])
def test_a_figure_is_as_generated(files: dict[str, str], name: str) -> None:
    assert alike((DOCS / name).read_text(encoding="utf-8"), files[name]), "run: make findings"


def test_a_figure_that_differs_is_found(files: dict[str, str]) -> None:
    drawn = files["images/findings-deploy.svg"]
    assert alike(drawn, drawn.replace("monolith", "monolith"))
    assert not alike(drawn, drawn.replace("monolith", "monolyth", 1))
    point = re.search(r'x="(\d\d+)\.', drawn)
    assert point is not None
    assert not alike(drawn, drawn.replace(point[0], f'x="{int(point[1]) + 2}.', 1))


def test_a_page_has_no_marker_and_no_comment(files: dict[str, str]) -> None:
    for name, text in files.items():
        assert "<!--" not in text, name
        assert not re.search(r"\{\{|\{%|TODO", text), name


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.figure], ids=lambda page: page.name
)
def test_a_page_begins_with_its_answer_and_one_figure(files: dict[str, str], page: Any) -> None:
    text = files[f"{page.name}.md"]
    title, opening = text.split("\n## ")[0].split("\n\n", 1)
    assert title.startswith("# ")
    assert "**For a decision:**" in opening
    assert re.search(r"\d to [+\d]|of \d+", opening)
    assert text.count("](images/") == opening.count("](images/") == 1
    assert opening.count("|") == 0, "a table before the first heading"
    sentences = re.findall(r"\.(?:\s|$)", opening.partition("**For a decision:**")[0])
    assert 3 <= len(sentences) <= 8
    assert "## What this doesn't show" in text


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.figure], ids=lambda page: page.name
)
def test_a_page_is_short(files: dict[str, str], page: Any) -> None:
    lines = files[f"{page.name}.md"].splitlines()
    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= LONGEST_LINE


def test_the_tables_have_few_columns(files: dict[str, str]) -> None:
    for name, text in files.items():
        for line in text.splitlines() if name.endswith(".md") else ():
            if line.startswith("| ---"):
                assert line.count("---") <= 5, name


def test_a_figure_brings_its_colours_for_both_schemes(files: dict[str, str]) -> None:
    for name in (name for name in files if name.endswith(".svg")):
        light, dark = re.findall(r":root \{(.*?)\}", files[name])
        used = set(re.findall(r"var\((--[\w-]+)\)", files[name]))
        assert used <= set(re.findall(r"(--[\w-]+):", light)), name
        assert used - {"--font"} <= set(re.findall(r"(--[\w-]+):", dark)), name
        assert "prefers-color-scheme: dark" in files[name]
        assert re.search(r'<svg width="\d+" height="\d+"', files[name])


def test_every_run_names_its_machine_and_its_commit() -> None:
    for page in PAGES:
        document = json.loads((RESULTS / page.source).read_text(encoding="utf-8"))
        if page.name == "reliability":
            commits = {test["commit"] for test in document["tests"]}
        else:
            environment = document["environment"]
            assert environment["cpu"]["model"]
            assert not environment["source"]["changed"], "made with uncommitted changes"
            commits = {environment["source"]["commit"]}
        assert all(re.fullmatch(r"[0-9a-f]{40}", commit) for commit in commits), page.name


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize(
    "page",
    # Overhead has goals, and no claims
    [it for it in PAGES if it.kind is not dict and it.name != "findings-overhead"],
    ids=lambda page: page.name,
)
def test_the_sentences_follow_the_verdicts(tmp_path: Path, page: Any, verdict: Verdict) -> None:
    """No page states what the run leaves open, or the opposite of what it shows."""
    document = reading.read(RESULTS / page.source)
    claims = [
        it if it.verdict is None else replace(it, verdict=verdict) for it in document.results.claims
    ]
    changed = replace(
        document, experiments={document.experiment: replace(document.results, claims=claims)}
    )
    path = tmp_path / page.source
    path.parent.mkdir()
    path.write_text(json.dumps(reading.to_plain(changed)), encoding="utf-8")
    _, files = dataclasses.replace(page, figure=None).files(tmp_path, environment())
    opening = files[f"{page.name}.md"].split("\n## ")[0]
    endings = {
        Verdict.SUPPORTED: "",
        Verdict.NOT_SUPPORTED: "the claim is not supported",
        Verdict.NO_DIFFERENCE: "no difference that matters",
        Verdict.INCONCLUSIVE: "the verdict is inconclusive",
    }
    assert endings.pop(verdict) in opening
    assert not any(ending in opening for ending in endings.values() if ending)
    decision = opening.partition("**For a decision:**")[2]
    if page.name != "findings-contract":
        assert ("this run leaves open" in decision.lower()) == (verdict is Verdict.INCONCLUSIVE)


@pytest.mark.parametrize("name", ["findings-contract", "findings-faults"])
def test_a_run_that_contradicts_the_sentences_is_refused(name: str) -> None:
    page: Any = next(page for page in PAGES if page.name == name)
    found: Any = reading.read(RESULTS / page.source).results
    if name == "findings-faults":
        changed = replace(found, kept=replace(found.kept, verdict=Verdict.NOT_SUPPORTED))
    else:
        sides = dict(found.counts)
        breaking = replace(sides["monolith"].breaking, stopped=0)
        sides["monolith"] = replace(sides["monolith"], breaking=breaking)
        changed = replace(found, counts=sides)
    with pytest.raises(OutdatedSentencesError, match="Rewrite the sentences"):
        page.context(changed)


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.kind is dict], ids=lambda page: page.name
)
def test_a_document_that_contradicts_the_sentences_is_refused(page: Any) -> None:
    document = json.loads((RESULTS / page.source).read_text(encoding="utf-8"))
    if page.name == "reliability":
        document["tests"][0]["passed"] -= 1
    else:
        document["injected_faults"][1]["found"] = False
    with pytest.raises(OutdatedSentencesError, match="Rewrite the sentences"):
        page.context(document)


def test_a_source_of_another_experiment_is_refused(tmp_path: Path) -> None:
    page = next(page for page in PAGES if page.name == "findings-scaling")
    other = tmp_path / page.source
    other.parent.mkdir()
    other.write_bytes((RESULTS / "example-contract" / "results.json").read_bytes())
    with pytest.raises(FindingsError, match="has the results of contract"):
        page.files(tmp_path, environment())


def test_the_page_for_a_decision_has_every_claim_and_what_changes_it(
    files: dict[str, str],
) -> None:
    page = files["decide.md"]
    judged = [
        claim
        for source in PAGES
        if source.kind is not dict
        for claim in reading.read(RESULTS / source.source).results.claims
        if not claim.restates
    ]
    assert len(judged) > 15
    for claim in judged:
        assert f"**{claim.statement}**" in page
        assert all(capitalized(other.variation) in page for other in claim.alternatives)
        assert all(condition in page for condition in claim.depends)
    assert "](findings-scaling.md)" in page


def test_the_overview_leads_to_every_page(files: dict[str, str]) -> None:
    for page in PAGES:
        assert f"]({page.name}.md)" in files[f"{OVERVIEW}.md"]


def test_a_page_that_is_edited_by_hand_is_written_again(
    tmp_path: Path, files: dict[str, str]
) -> None:
    (tmp_path / "images").mkdir()
    assert write(files, tmp_path) == list(files)
    assert write(files, tmp_path) == []
    edited = tmp_path / "findings-scaling.md"
    edited.write_text(edited.read_text(encoding="utf-8") + "More.\n", encoding="utf-8")
    assert write(files, tmp_path) == ["findings-scaling.md"]
    assert edited.read_text(encoding="utf-8") == files["findings-scaling.md"]
