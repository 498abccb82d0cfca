"""The schedule of the parts: each in each round, short enough for a quick run."""

import pytest

from benchmarks.experiments.scaling.overhead.parts import (
    PARTS,
    SUBMIT,
    UPLOAD,
    Part,
    place_of,
    schedule,
)


def test_a_schedule_has_every_part_in_every_round() -> None:
    steps = schedule(3, longer=2.0).steps
    found = [place_of(step) for step in range(len(steps))]
    assert [number for number, _ in found] == [1] * len(PARTS) + [2] * len(PARTS) + [3] * len(PARTS)
    assert [part for _, part in found] == [*PARTS] * 3
    assert [step.window_seconds for step in steps[: len(PARTS)]] == pytest.approx(
        [2 * part.seconds for part in PARTS]
    )
    assert [step.users for step in steps] == [part.connections for part in PARTS] * 3


def test_only_uploads_that_fill_the_core_have_several_connections() -> None:
    several = {part.name for part in PARTS if part.connections > 1}
    assert UPLOAD in several
    assert SUBMIT not in several


@pytest.mark.parametrize(("seconds", "count"), [(0.01, 1), (0.5, 5), (1.0, 10), (2.0, 20)])
def test_a_longer_step_has_more_of_a_part_and_the_shortest_has_one(
    seconds: float, count: int
) -> None:
    assert Part("one", 10, 1.0).count_in(seconds) == count
