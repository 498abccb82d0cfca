"""A submission costs what was measured, whatever its steps."""

import os
from collections import Counter

import pytest

from benchmarks.planning.route import CALLS, ROUTES
from benchmarks.planning.service_times import WHOLE, by_type
from benchmarks.planning.sources import PROFILE, RESULTS
from benchmarks.results_model.request_profile import read_profile


@pytest.mark.parametrize("architecture", ROUTES)
def test_the_shares_of_a_process_and_call_add_up_to_one(architecture: str) -> None:
    shares: Counter[tuple[str, str]] = Counter()
    for step in ROUTES[architecture].steps:
        shares[step.process, step.call] += step.share  # type: ignore[assignment]
    assert set(shares.values()) == {1}
    assert {call for _, call in shares} == set(CALLS)


@pytest.mark.parametrize("architecture", ROUTES)
def test_every_process_that_the_profile_saw_is_on_the_route(architecture: str) -> None:
    profile = read_profile(RESULTS / PROFILE)
    seen = by_type(profile.kind(WHOLE).sides[architecture])
    # A process that no call needs computes something of its own now and then, as timers do: less
    # than a tick of the kernel's clock in each block.
    tick_ms = 1000 / os.sysconf("SC_CLK_TCK") / profile.kind(WHOLE).calls
    needed = {name for name, ms in seen.items() if ms >= tick_ms}
    assert needed <= {*ROUTES[architecture].processes}
