"""The published figures: each is what its source's own throughputs give, where they are known."""

import re

import pytest

from benchmarks.experiments.scaling import published
from benchmarks.experiments.scaling.published import PUBLISHED, Work


def test_the_figures_are_those_of_the_throughputs_that_the_docstring_cites() -> None:
    text = (published.__doc__ or "").replace("\n ", "")
    cited = [float(a) / float(b) for a, b in re.findall(r"([\d.]+) / ([\d.]+\d)", text)]
    *drawn, _not_drawn = cited
    listed = [row.ratio for row in PUBLISHED if row.source != "Al-Debagy, Martinek"]
    assert drawn == pytest.approx(listed, abs=0.005)


def test_each_figure_can_be_traced_and_no_two_are_one() -> None:
    assert all("doi:" in row.citation or "github.com/" in row.citation for row in PUBLISHED)
    assert len({(row.source, row.label) for row in PUBLISHED}) == len(PUBLISHED) == 6
    assert {row.work for row in PUBLISHED} == set(Work)
