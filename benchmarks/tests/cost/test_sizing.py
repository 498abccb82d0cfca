"""Numbers and classes: whole as they are billed, or interpolated between the steps."""

import numpy as np
import pytest

from benchmarks.cost.prices import Machine
from benchmarks.cost.sizing import GIB, SizeError, Sizes, function_memory_mb, tasks_with

SMALL = Machine("small", 1.0, 1.0, 2.0, "made up")
LARGE = Machine("large", 3.0, 4.0, 8.0, "made up")
WHOLE, INTERPOLATED = Sizes(), Sizes(whole=False)


def test_what_is_needed_is_rounded_up_but_never_below_the_fewest() -> None:
    needed = np.array([0.0, 2.0, 2.1, 3.0 + 1e-12])
    assert WHOLE.count(needed, fewest=2).tolist() == [2, 2, 3, 3]
    assert INTERPOLATED.count(needed, fewest=2).tolist() == pytest.approx([2, 2, 2.1, 3])


def test_a_single_machine_is_the_cheapest_that_is_enough() -> None:
    vcpus = np.array([0.0, 1.0, 1.1, 4.0, 4.1, 9.0])
    assert WHOLE.single([SMALL, LARGE], vcpus).tolist() == [1, 1, 3, 3, 6, 9]


def test_between_two_classes_the_price_is_interpolated() -> None:
    vcpus = np.array([0.5, 1.0, 2.5, 4.0, 8.0])
    found = INTERPOLATED.single([SMALL, LARGE], vcpus).tolist()
    assert found == pytest.approx([1, 1, 2, 3, 6])


def test_a_larger_machine_that_is_cheaper_is_taken() -> None:
    bargain = Machine("bargain", 0.5, 4.0, 8.0, "made up")
    assert WHOLE.single([SMALL, bargain], np.array([1.0])).tolist() == [0.5]


def test_several_machines_of_the_cheapest_class() -> None:
    vcpus = np.array([1.0, 2.0, 3.0, 8.0])
    assert WHOLE.several([SMALL, LARGE], vcpus).tolist() == [1, 2, 3, 6]


def instances(vcpus: float, memory_gb: float, *, sizes: Sizes = WHOLE) -> float:
    found = sizes.instances(
        [SMALL, LARGE],
        np.array([vcpus]),
        np.array([memory_gb]),
        beside=0.5,
        reserve_gb=1.0,
        fewest=2,
    )
    return float(found[0])


def test_instances_are_enough_in_vcpus_and_in_memory() -> None:
    assert instances(0, 0) == 2 * 1.5
    assert instances(3, 0) == 3 * 1.5
    assert instances(0, 4) == 4 * 1.5  # a small one has 1 GB left
    assert instances(8, 14) == 2 * 3.5
    assert instances(0, 2.5, sizes=INTERPOLATED) == 2.5 * 1.5


def test_no_instance_has_memory_left() -> None:
    with pytest.raises(SizeError, match="No instance has more memory than the 9 GB"):
        WHOLE.instances(
            [SMALL, LARGE], np.array([1.0]), np.array([1.0]), beside=0, reserve_gb=9, fewest=1
        )


def test_the_tasks_that_hold_a_process() -> None:
    smallest, *_ = tasks_with(0.4 * GIB, least_vcpus=0.25)
    assert (smallest.vcpus, smallest.memory_gb) == (0.25, 0.5)
    larger, *_ = tasks_with(0.6 * GIB, least_vcpus=0.25)
    assert (larger.vcpus, larger.memory_gb) == (0.25, 1.0)
    assert {it.vcpus for it in tasks_with(3 * GIB, least_vcpus=0.25)} == {0.5, 1.0}
    assert {it.vcpus for it in tasks_with(0, least_vcpus=1.0)} == {1.0}


def test_a_process_that_no_task_holds() -> None:
    with pytest.raises(SizeError, match=r"No Fargate task of one vCPU has 9\.0 GB"):
        tasks_with(9 * GIB, least_vcpus=0.25)


def test_a_function_s_memory_comes_in_steps() -> None:
    assert function_memory_mb(300 * 2**20) == 384
    assert function_memory_mb(384 * 2**20) == 384
