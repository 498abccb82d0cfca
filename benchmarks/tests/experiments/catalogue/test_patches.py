"""Every patch of every catalogue fits the checkout as it is, committed or not."""

import builtins
import symtable
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.experiments.catalogue import faults, offers, releases
from benchmarks.experiments.catalogue.changes import PATCHES, read_patch
from benchmarks.experiments.catalogue.index import (
    Index,
    changed_texts,
    temporary_index,
    text_at,
    working_tree,
)
from benchmarks.experiments.catalogue.refresh import catalogues
from benchmarks.targets.git import git

PATHS = [
    pytest.param(path, id=str(path.relative_to(folder.parents[1])))
    for folder in catalogues()
    for name in PATCHES.values()
    for path in sorted(folder.glob(f"*/*/{name}"))
]


@pytest.fixture(scope="module")
def checkout() -> Iterator[Index]:
    with temporary_index(working_tree()) as index:
        yield index


@pytest.fixture(scope="module")
def tree(checkout: Index) -> str:
    return checkout.write_tree()


@pytest.mark.parametrize("path", PATHS)
def test_each_patch_fits_the_checkout_for_us_and_for_git(
    path: Path, checkout: Index, tree: str
) -> None:
    edits = read_patch(path)
    for file, text in changed_texts(edits, on=tree).items():
        assert text != text_at(tree, file)
    checkout.git("apply", "--cached", "--check", "--whitespace=nowarn", str(path))


def undefined(text: str) -> set[str]:
    """Return the global names that a module uses and doesn't define."""
    top = symtable.symtable(text, "module", "exec")
    known = {it.get_name() for it in top.get_symbols() if it.is_assigned() or it.is_imported()}
    known |= {"__file__", *dir(builtins)}
    tables, used = [top], set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        used |= {it.get_name() for it in table.get_symbols() if it.is_global()}
    return used - known


def test_an_undefined_name_is_found() -> None:
    text = "import re\nclass C:\n    x = re\n    def f(self, a): return [a, b, len, x, C]\n"
    assert undefined(text) == {"b", "x"}


COMPATIBLE = [it for it in offers.OFFERS if it.kind is offers.Kind.COMPATIBLE]


@pytest.mark.parametrize("offer", COMPATIBLE, ids=lambda offer: offer.change.name)
def test_a_compatible_change_uses_no_name_that_is_not_there(offer: offers.Offer, tree: str) -> None:
    """A patch can fit a place that it wasn't made for; then it is stopped, and no harm at all."""
    for edits in offer.change.edits.values():
        for file, text in changed_texts(edits, on=tree).items():
            if file.endswith(".py"):
                assert undefined(text) == set(), file


def test_the_patches_are_those_of_the_three_catalogues() -> None:
    assert sorted(catalogues()) == sorted((faults.FOLDER, offers.FOLDER, releases.FOLDER))
    changes = {change for scenario in releases.SCENARIOS for change in
               (it.name for it in scenario.changes)}  # fmt: skip
    amount = len(faults.FAULTS) + len(faults.NULLS) + len(offers.OFFERS) + len(changes)
    assert len(PATHS) == 2 * amount


def test_the_checkout_s_index_stays_as_it_is() -> None:
    index = Path(git("rev-parse", "--path-format=absolute", "--git-path", "index").strip())
    before = index.read_bytes()
    working_tree()
    assert index.read_bytes() == before
