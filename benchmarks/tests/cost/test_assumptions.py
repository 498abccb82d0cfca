"""The assumptions: each has its kind and reason, and can have another value if it makes sense."""

import dataclasses

import pytest

from benchmarks.cost.assumptions import (
    AssumptionError,
    Assumptions,
    Kind,
    assume,
    described,
)
from benchmarks.cost.variations import OTHER, pairs


def test_each_has_a_kind_and_a_reason() -> None:
    listed = described(Assumptions())
    assert [it.name for it in listed] == [it.name for it in dataclasses.fields(Assumptions)]
    for assumption in listed:
        assert assumption.kind in set(Kind)
        assert len(assumption.reason) > 20, assumption.name
        assert not assumption.reason.endswith(".")


def test_others_are_given_by_name() -> None:
    changed = assume(["peak_to_mean=1", "store_wait_ms=0"])
    assert changed == dataclasses.replace(Assumptions(), peak_to_mean=1.0, store_wait_ms=0.0)
    assert assume([]) == Assumptions()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("peek=1", "There is no assumption 'peek'"),
        ("peak_to_mean", "give NAME=VALUE"),
        ("peak_to_mean=high", "peak_to_mean can't be 'high'"),
        ("peak_to_mean=-1", "must be a number of 0 or more"),
        ("peak_to_mean=inf", "must be a number of 0 or more"),
        ("utilisation=0", "must be a number above 0"),
        ("vcpu_speed=nan", "must be a number above 0"),
        ("least_task_vcpus=2", "must be at most 1"),
    ],
)
def test_a_wrong_one_is_a_sentence(given: str, message: str) -> None:
    with pytest.raises(AssumptionError) as raised:
        assume([given])
    assert message in str(raised.value)
    assert str(raised.value).endswith(".")


def test_the_sets_of_others_name_assumptions_that_exist() -> None:
    names = {it.name for it in dataclasses.fields(Assumptions)}
    assert all(set(other.changed) <= names for other in OTHER)
    assert OTHER[0].changed == {}
    assert len({other.name for other in OTHER}) == len(OTHER)


def test_the_pairs_are_different_and_of_known_deployments() -> None:
    found = [(first.name, second.name) for first, second in pairs()]
    assert len(set(found)) == len(found)
    assert all(first != second for first, second in found)
    assert ("microservices-fargate", "monolith-fargate") in found
    for side in ("monolith", "microservices"):
        assert (f"{side}-lambda-x86", f"{side}-fargate") in found
        assert (f"{side}-lambda-arm", f"{side}-fargate") in found
