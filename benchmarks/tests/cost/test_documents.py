"""The documents of counts and of priced runs: read if valid, refused in one sentence otherwise."""

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from benchmarks.cost.document import UnreadableCost, decode, read_cost
from benchmarks.cost.operations import COUNTS, UnreadableCounts, read_counts

COST = COUNTS.with_name("cost.json")


def test_the_committed_counts_are_of_both_architectures() -> None:
    found = read_counts(COUNTS)
    assert set(found.architectures) == {"monolith", "microservices"}
    assert found.image == "load.jpg"


def test_both_architectures_send_the_same_requests_to_the_stores() -> None:
    """What differs between the two is the number of messages."""
    monolith, services = (
        read_counts(COUNTS).architectures[name] for name in ("monolith", "microservices")
    )
    assert monolith.submission.s3 == services.submission.s3
    assert monolith.sign_in.dynamodb == services.sign_in.dynamodb == {"GetItem": 1.0}
    assert monolith.sign_up.dynamodb == services.sign_up.dynamodb == {"TransactWriteItems": 1.0}
    assert (monolith.submission.messages, services.submission.messages) == (1.0, 3.0)
    assert monolith.submission.dynamodb == services.submission.dynamodb == {}


def test_the_image_stays_in_the_store_with_its_result() -> None:
    image = COUNTS.parents[3] / "shared" / "fixtures" / "load.jpg"
    for found in read_counts(COUNTS).architectures.values():
        result = found.submission.object_bytes - image.stat().st_size
        assert 100 < result < 2_000
        assert found.submission.request_bytes > image.stat().st_size


@pytest.mark.parametrize(
    ("read", "error", "path", "version"),
    [
        (read_counts, UnreadableCounts, COUNTS, "counts_version"),
        (read_cost, UnreadableCost, COST, "cost_version"),
    ],
    ids=["counts", "cost"],
)
def test_what_can_t_be_read_is_a_sentence(
    tmp_path: Path,
    read: Callable[[Path], object],
    error: type[ValueError],
    path: Path,
    version: str,
) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    copy = tmp_path / "copy.json"
    broken = {
        "No such file": None,
        "truncated": "{",
        "malformed": "{]",
        "missing required field": json.dumps({version: 1}),
        "unknown field": json.dumps({**document, "more": 1}),
        "of version 9": json.dumps({**document, version: 9}),
    }
    for message, text in broken.items():
        if text is not None:
            copy.write_text(text, encoding="utf-8")
        with pytest.raises(error) as raised:
            read(copy)
        assert message in str(raised.value)
        assert str(copy) in str(raised.value)
        assert "\n" not in str(raised.value)


def test_a_document_is_the_same_after_writing_and_reading() -> None:
    found = read_cost(COST)
    assert decode(msgspec.json.encode(found)) == found
    assert found.deployment("monolith-fargate").platform == "fargate"
