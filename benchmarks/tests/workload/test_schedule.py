"""Schedules: where they stand at any second."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.workload.schedule import Schedule, Step, parse_levels

schedules = st.builds(
    Schedule,
    levels=st.lists(st.integers(1, 64), min_size=1, max_size=5, unique=True).map(
        lambda levels: tuple(sorted(levels))
    ),
    warm_up_seconds=st.floats(0, 5),
    window_seconds=st.floats(0.1, 5),
    opening_seconds=st.floats(0, 3),
)


def test_each_step_warms_up_and_the_first_one_longer() -> None:
    schedule = Schedule((2, 8), warm_up_seconds=1, window_seconds=3, opening_seconds=2)
    assert [schedule.at(second) for second in (0, 2.9, 3, 5.9, 6, 7, 9.9, 10)] == [
        Step(2, measured=False),
        Step(2, measured=False),
        Step(2, measured=True),
        Step(2, measured=True),
        Step(8, measured=False),
        Step(8, measured=True),
        Step(8, measured=True),
        None,
    ]


@given(schedules, st.floats(0, 1))
def test_it_rises_and_ends_when_it_says(schedule: Schedule, share: float) -> None:
    assert schedule.at(schedule.seconds + 1e-6) is None
    now = schedule.at(share * schedule.seconds * 0.999)
    later = schedule.at(schedule.seconds * 0.9999)
    assert now is not None
    assert later is not None
    assert now.users <= later.users == schedule.levels[-1]


@pytest.mark.parametrize(
    ("levels", "warm_up", "window"),
    [((), 1, 1), ((0, 1), 1, 1), ((2, 1), 1, 1), ((1, 1), 1, 1), ((1,), -1, 1), ((1,), 1, 0)],
)
def test_what_can_t_be_stepped_through_is_refused(
    levels: tuple[int, ...], warm_up: float, window: float
) -> None:
    with pytest.raises(ValueError, match=r"levels|step"):
        Schedule(levels, warm_up, window)


def test_levels_are_read_from_the_command_line() -> None:
    assert parse_levels("1,2,16") == (1, 2, 16)
    with pytest.raises(ValueError, match="numbers with commas"):
        parse_levels("1;2")
