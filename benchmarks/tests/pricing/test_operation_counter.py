"""The committed counts are what a fresh deployment of each architecture does."""

from pathlib import Path

import pytest

from benchmarks.cost.operations import COUNTS, read_counts
from benchmarks.experiments.runner.deployment import IMAGE
from benchmarks.pricing.operation_counter import count_architecture


@pytest.mark.slow
@pytest.mark.parametrize("architecture", ["monolith", "microservices"])
def test_a_submission_makes_the_same_requests_again(architecture: str, tmp_path: Path) -> None:
    found = count_architecture(architecture, run_dir=tmp_path, image=IMAGE, repetitions=5)
    committed = read_counts(COUNTS).architectures[architecture]
    for name in ("submission", "sign_in", "sign_up"):
        again, before = getattr(found, name), getattr(committed, name)
        assert again.s3 == before.s3, name
        assert again.dynamodb == before.dynamodb, name
        assert again.messages == before.messages, name
        assert again.response_bytes == pytest.approx(before.response_bytes, rel=0.02), name
        assert again.request_bytes == pytest.approx(before.request_bytes, rel=0.02), name
    assert found.submission.object_bytes == pytest.approx(
        committed.submission.object_bytes, rel=0.001
    )
    assert found.sign_in.cpu_ms
