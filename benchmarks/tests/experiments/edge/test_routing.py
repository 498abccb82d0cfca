"""The two configurations of an edge: where requests for the page's files go."""

from pathlib import Path

import pytest

from benchmarks.experiments.edge import FROM_APPLICATION, FROM_EDGE, WAYS
from benchmarks.experiments.edge.routing import PAGE, configuration, product
from benchmarks.experiments.runner.arms import ARCHITECTURES
from benchmarks.targets.errors import TargetError

RELEASE = Path("/a release")


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_from_the_edge_only_the_folders_differ(architecture: str) -> None:
    before = product(architecture).splitlines()
    after = configuration(product(architecture), architecture, RELEASE, FROM_EDGE).splitlines()
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert [line.split('"')[1] for line in changed] == [str(RELEASE)] * 2
    assert all(line.strip().startswith("root ") for line in changed)


@pytest.mark.parametrize(
    ("architecture", "upstreams"),
    [("monolith", "{$WEB_UPSTREAMS}"), ("microservices", "{$SUBMISSIONS_UPSTREAMS}")],
)
def test_from_the_application_the_page_goes_where_the_api_does(
    architecture: str, upstreams: str
) -> None:
    text = configuration(product(architecture), architecture, RELEASE, FROM_APPLICATION)
    assert f"\t\timport page-headers\n\t\timport api {upstreams}\n" in text
    assert PAGE not in text
    assert text.replace(f"\t\timport page-headers\n\t\timport api {upstreams}\n", PAGE) == product(
        architecture
    )


@pytest.mark.parametrize("way", WAYS)
def test_another_caddyfile_is_refused(way: str) -> None:
    """Otherwise both ways would be measured with the same configuration."""
    with pytest.raises(TargetError, match="imports the page 0 times"):
        configuration("{}\n", "monolith", RELEASE, way)
