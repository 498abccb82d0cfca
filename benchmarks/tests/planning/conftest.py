"""The committed results, read once."""

import pytest

from benchmarks.planning.document import PlanDocument, read_plan
from benchmarks.planning.sources import PLAN, RESULTS, Sources, read_sources


@pytest.fixture(scope="session")
def sources() -> Sources:
    """The results that a plan is made from."""
    return read_sources()


@pytest.fixture(scope="session")
def committed() -> PlanDocument:
    """The committed plan."""
    return read_plan(RESULTS / PLAN)
