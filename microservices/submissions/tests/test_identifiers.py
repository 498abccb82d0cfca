"""Ids that sort by time."""

import time

from submissions.identifiers import uuid7


def test_they_are_of_version_7_and_the_variant_of_the_rfc() -> None:
    made = uuid7()
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"


def test_they_carry_the_time() -> None:
    before = time.time_ns() // 1_000_000
    milliseconds = uuid7().int >> 80
    assert before <= milliseconds <= time.time_ns() // 1_000_000


def test_they_sort_as_they_were_made() -> None:
    made = []
    for _ in range(200):
        made.append(uuid7())
        time.sleep(0.000_01)
    assert made == sorted(made)
    assert len(set(made)) == len(made)
