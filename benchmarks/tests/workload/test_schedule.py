"""Schedules: where they stand at any second, and what is refused."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.workload.schedule import Moment, Schedule, Step, parse_levels

warm_ups, windows = st.floats(0, 5), st.floats(0.1, 5)
steps = st.builds(Step, warm_ups, windows, users=st.integers(1, 64)) | st.builds(
    Step, warm_ups, windows, rate=st.floats(0.1, 50), mixed=st.booleans()
)
schedules = st.builds(Schedule, st.lists(steps, min_size=1, max_size=5).map(tuple))
rising = st.builds(
    Schedule.closed,
    st.lists(st.integers(1, 64), min_size=1, max_size=5, unique=True).map(
        lambda levels: tuple(sorted(levels))
    ),
    warm_ups,
    windows,
    st.floats(0, 3),
)


def test_each_step_warms_up_and_the_first_one_longer() -> None:
    schedule = Schedule.closed((2, 8), warm_up_seconds=1, window_seconds=3, opening_seconds=2)
    two, eight = Step(3, 3, users=2), Step(1, 3, users=8)
    assert schedule.edges == (3, 6, 7, 10)
    assert [schedule.at(second) for second in (0, 2.9, 3, 5.9, 6, 7, 9.9, 10)] == [
        Moment(0, two, measured=False),
        Moment(0, two, measured=False),
        Moment(0, two, measured=True),
        Moment(0, two, measured=True),
        Moment(1, eight, measured=False),
        Moment(1, eight, measured=True),
        Moment(1, eight, measured=True),
        None,
    ]


def test_steps_may_mix() -> None:
    schedule = Schedule((Step(0, 1, users=8), Step(1, 2, rate=5), Step(0, 1, users=1)))
    assert [step.is_open for step in schedule.steps] == [False, True, False]
    assert [step.label for step in schedule.steps] == ["8 users", "5/s", "1 user"]
    assert Step(0, 1, rate=2.5).label == "2.5/s"
    assert [step.arrivals for step in schedule.steps] == [0, 10, 0]
    assert Step(0, 3.5, rate=4.3).arrivals == 15
    assert (schedule.most_users, schedule.seconds) == (8, 5)
    assert Schedule((Step(0, 1, rate=5),)).most_users == 0
    assert [it and it.index for it in map(schedule.at, (0, 1, 4, 5))] == [0, 1, 2, None]


@given(schedules | rising, st.floats(0, 1))
def test_it_advances_and_ends_at_its_times(schedule: Schedule, share: float) -> None:
    assert schedule.at(schedule.seconds + 1e-6) is None
    now = schedule.at(share * schedule.seconds * 0.999)
    later = schedule.at(schedule.seconds * 0.9999)
    assert now is not None
    assert later is not None
    assert now.index <= later.index == len(schedule.steps) - 1
    assert now.step == schedule.steps[now.index]


@given(schedules | rising)
def test_it_survives_json(schedule: Schedule) -> None:
    assert Schedule.from_json(json.loads(json.dumps(schedule.to_json()))) == schedule


def test_json_names_what_a_step_has() -> None:
    schedule = Schedule((Step(0, 1, users=8), Step(1, 2, rate=5)))
    assert schedule.to_json() == [
        {"warm_up_seconds": 0, "window_seconds": 1, "users": 8},
        {"warm_up_seconds": 1, "window_seconds": 2, "rate": 5},
    ]


@pytest.mark.parametrize(
    ("levels", "warm_up", "window"),
    [((), 1, 1), ((0, 1), 1, 1), ((2, 1), 1, 1), ((1, 1), 1, 1), ((1,), -1, 1), ((1,), 1, 0)],
)
def test_levels_that_can_t_be_stepped_through_are_refused(
    levels: tuple[int, ...], warm_up: float, window: float
) -> None:
    with pytest.raises(ValueError, match=r"levels|step"):
        Schedule.closed(levels, warm_up, window)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ([], "a schedule needs a step"),
        ({}, "a schedule is a list of steps"),
        ([3], "a step has warm_up_seconds"),
        ([{"window_seconds": 1, "users": 1}], "a step has warm_up_seconds"),
        ([{"warm_up_seconds": 0, "window_seconds": 1, "user": 1}], "a step has warm_up_seconds"),
        ([{"warm_up_seconds": 0, "window_seconds": 1}], "users or a rate above 0"),
        ([{"warm_up_seconds": 0, "window_seconds": 1, "users": -1}], "users or a rate above 0"),
        ([{"warm_up_seconds": 0, "window_seconds": 1, "users": 1.5}], "must be a number, not 1.5"),
        ([{"warm_up_seconds": 0, "window_seconds": 1, "users": True}], "must be a number, not Tr"),
        ([{"warm_up_seconds": "0", "window_seconds": 1, "users": 1}], "must be a number, not '0'"),
        ([{"warm_up_seconds": 0, "window_seconds": 1, "users": 2, "rate": 1}], "one of the two"),
        ([{"warm_up_seconds": 0, "window_seconds": 1, "rate": math.nan}], "one of the two"),
        ([{"warm_up_seconds": 0, "window_seconds": 1, "rate": math.inf}], "finite"),
        ([{"warm_up_seconds": 0, "window_seconds": math.nan, "rate": 1}], "finite"),
        ([{"warm_up_seconds": 0, "window_seconds": 1, "users": 1, "mixed": True}], "only arrivals"),
        ([{"warm_up_seconds": 0, "window_seconds": 1, "rate": 1, "mixed": 1}], "true or false"),
        ([{"warm_up_seconds": 0, "window_seconds": 1, "rate": 1, "even": True}], "only mixed"),
        ([{"warm_up_seconds": 0, "window_seconds": 1, "users": 1, "persistent": True}], "clients"),
        ([{"warm_up_seconds": 0, "window_seconds": 1, "rate": 1, "group": ["read"]}], "only mixed"),
        (
            [
                {
                    "warm_up_seconds": 0,
                    "window_seconds": 1,
                    "rate": 1,
                    "mixed": True,
                    "group": ["read", "write"],
                }
            ],
            "no feature 'write'",
        ),
        (
            [
                {
                    "warm_up_seconds": 0,
                    "window_seconds": 1,
                    "rate": 1,
                    "mixed": True,
                    "group": "read",
                }
            ],
            "a list of features",
        ),
        ([{"warm_up_seconds": -1, "window_seconds": 1, "rate": 1}], "warm-up of 0 s or more"),
    ],
)
def test_a_document_that_is_no_schedule_is_refused_in_a_sentence(
    document: Any, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        Schedule.from_json(document)


def test_levels_are_read_from_the_command_line() -> None:
    assert parse_levels("1,2,16") == (1, 2, 16)
    with pytest.raises(ValueError, match="numbers with commas"):
        parse_levels("1;2")


def test_the_first_steps_are_a_schedule() -> None:
    steps = (Step(0, 1, users=1), Step(0, 2, rate=1, mixed=True, even=True, persistent=True))
    assert Schedule(steps).first(1) == Schedule(steps[:1])
    grouped = Schedule((*steps, Step(0, 2, rate=1, mixed=True, group=("read", "read", "submit"))))
    assert Schedule.from_json(json.loads(json.dumps(grouped.to_json()))) == grouped
    with pytest.raises(ValueError, match="needs a step"):
        Schedule(steps).first(0)
