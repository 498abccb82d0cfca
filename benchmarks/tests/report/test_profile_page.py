"""The page of a profile: both sides of every kind, in tables that a phone can show."""

import io
import re

import pytest
from msgspec.structs import replace
from rich.console import Console

from benchmarks.report.findings import profile
from benchmarks.report.findings.markdown import environment
from benchmarks.report.findings.pages import DOCS
from benchmarks.report.request_profile import page, terminal
from benchmarks.report.request_profile.figure import figure
from benchmarks.report.request_profile.names import GROUPS, by_group, group_of
from benchmarks.results_model.request_profile import OverBlocks, ProcessCost, ProfileDocument
from benchmarks.tests.request_profile.made_up import document

MOST_LINES, LONGEST_LINE, MOST_COLUMNS = 190, 530, 5


@pytest.fixture(scope="module")
def made() -> ProfileDocument:
    return document()


def rendered(found: ProfileDocument) -> str:
    template = environment().get_template(f"{profile.NAME}.md.j2")
    return str(template.render(profile.context(found)))


def shapes(text: str) -> None:
    lines = text.splitlines()
    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= LONGEST_LINE
    assert max(line.count("---") for line in lines if line.startswith("| ---")) <= MOST_COLUMNS


def test_the_page_is_short_and_has_narrow_tables(made: ProfileDocument) -> None:
    shapes(rendered(made))


def test_the_committed_page_is_short_and_has_narrow_tables() -> None:
    shapes((DOCS / "profile.md").read_text(encoding="utf-8"))


def test_every_kind_has_both_sides_and_their_ratio(made: ProfileDocument) -> None:
    costs = rendered(made).split("## What does a call cost?")[1].split("\n## ")[0]
    for kind in made.kinds:
        if kind.name != "idle":
            (row,) = re.findall(rf"^\| {re.escape(kind.title)} \|.*$", costs, re.MULTILINE)
            assert row.endswith("| 2.00 (2.00 to 2.00) |")
    assert "a second without requests |" not in costs


def test_processes_are_in_groups_that_both_sides_have(made: ProfileDocument) -> None:
    sides = made.kind("wait-upload").sides
    for side in sides.values():
        groups = by_group(side)
        assert list(groups) == list(GROUPS)
        assert sum(groups.values()) == pytest.approx(side.cpu_ms.mean)
    text = rendered(made)
    assert "**List of 20**, monolith: web 3.06, PostgreSQL 1.02, edge 0.51; services: " in text
    assert "**Read one**, monolith: worker 51.00, web 3.06, PostgreSQL 1.02" in text


@pytest.mark.parametrize(
    ("process", "role", "group"),
    [
        ("monolith-web", "unit", "web"),
        ("submissions-web", "unit", "web"),
        ("accounts-web", "unit", "accounts web"),
        ("recognition-worker", "unit", "worker"),
        ("submissions-consumer", "unit", "consumer and sweeper"),
        ("monolith-sweeper", "unit", "consumer and sweeper"),
        ("edge", "edge", "edge"),
        ("discovery", "edge", "edge"),
        ("s3", "backing", "object store (S3)"),
    ],
)
def test_a_process_type_has_its_group(process: str, role: str, group: str) -> None:
    nothing = OverBlocks(mean=0.0, low=None, high=None, blocks=[0.0])
    cost = ProcessCost(process=process, unit="u", role=role, cpu_ms=nothing, layers={})
    assert group_of(cost) == (role, group)
    assert (role, group) in GROUPS


def test_counts_are_of_both_sides(made: ProfileDocument) -> None:
    text = rendered(made)
    assert "| read one | 4.5, 4.5 | 2, 2 | 3, 3 |" in text
    assert "is 1 of the broker's messages on the monolith,\n1 on the services" in text
    assert "1 BEGIN, 1 COMMIT, 2.5 SELECT, 2 PUT object, 1 transactions, 1.23 + 70 kB" in text


def test_layers_are_in_cpu_ms(made: ProfileDocument) -> None:
    assert "| gateway | 1.53, 3.06 | 0.00, 0.00 |" in rendered(made)


def test_stacks_that_were_not_sampled_are_one_sentence(made: ProfileDocument) -> None:
    problem = "Stacks weren't sampled: py-spy failed (Permission Denied)."
    text = rendered(replace(made, sampling_problem=problem))
    assert problem in text
    assert "| layer |" not in text


def test_one_block_has_no_intervals() -> None:
    text = rendered(document(blocks=1))
    assert "\n1 block; in each" in text
    assert "(one block has none)" in text
    assert "| 2.00 |" in text
    shapes(text)


def test_the_figure_has_a_bar_of_each_side_of_each_kind(made: ProfileDocument) -> None:
    drawn = figure(made)
    for kind in made.kinds:
        assert (f"{kind.title}, m" in drawn) is (kind.name != "idle")
        assert (f"{kind.title}: monolith" in drawn) is (kind.name != "idle")
    assert "accounts web" not in drawn, "no CPU time anywhere"
    assert "PostgreSQL" in drawn
    assert drawn.count(" (2.00)") == len(made.kinds) - 1


def marks(drawn: str) -> int:
    return drawn.count("<path") + drawn.count("<use")


def test_only_the_figure_of_several_blocks_has_intervals(made: ProfileDocument) -> None:
    bars = 2 * (len(made.kinds) - 1)
    assert marks(figure(made)) >= marks(figure(document(blocks=1))) + bars


def test_a_run_has_its_page_beside_its_document(made: ProfileDocument) -> None:
    files = page.files(made)
    assert set(files) == {"profile.md", "profile.svg"}
    assert "](profile.svg)" in files["profile.md"]
    assert "example-profile" not in files["profile.md"]


def test_the_terminal_has_what_was_measured_of_an_interrupted_run() -> None:
    shown = io.StringIO()
    found = document(counted=False)
    half = replace(
        found, kinds=[replace(it, sides={"monolith": it.sides["monolith"]}) for it in found.kinds]
    )
    terminal.show(half, Console(file=shown, width=120))
    assert "read one" in shown.getvalue()
