"""The document has the means of the blocks, ratios within blocks, and layers in CPU-ms."""

import dataclasses
import json
from pathlib import Path

import msgspec
import pytest

from benchmarks.request_profile.kinds import kinds_of
from benchmarks.request_profile.readings import (
    Counts,
    Part,
    counted_per_call,
    cpu_per_call,
)
from benchmarks.request_profile.summary import summarize
from benchmarks.results_model.request_profile import UnreadableProfile, read_profile
from benchmarks.tests.request_profile.made_up import SIZES, document, records

KINDS = kinds_of(SIZES)
EDGE = Part("edge", "edge", "edge")


def test_each_side_has_the_mean_of_its_blocks_with_an_interval() -> None:
    side = document().kind("read").sides["monolith"]
    assert len(side.cpu_ms.blocks) == 3
    assert side.cpu_ms.mean == pytest.approx(sum(side.cpu_ms.blocks) / 3)
    assert side.cpu_ms.low is not None
    assert side.cpu_ms.low < side.cpu_ms.mean
    assert sum(it.cpu_ms.mean for it in side.processes) == pytest.approx(side.cpu_ms.mean)


def test_the_ratio_is_the_services_by_the_monolith_within_blocks() -> None:
    found = document().kind("read").ratio
    assert found.ratio == pytest.approx(2.0)
    assert found.blocks == pytest.approx([2.0] * 3)


def test_a_block_that_only_one_side_has_gives_no_ratio() -> None:
    kept = records()
    kept.measured = [
        it for it in kept.measured if (it.architecture, it.block) != ("microservices", 2)
    ]
    found = summarize(kept, KINDS, run="r", image="i").kind("read")
    assert len(found.ratio.blocks) == 2
    assert len(found.sides["monolith"].cpu_ms.blocks) == 3


def test_layers_are_shares_of_the_measured_cpu_time() -> None:
    side = document().kind("read").sides["monolith"]
    (web,) = (it for it in side.processes if it.process == "monolith-web")
    assert web.layers == pytest.approx(
        {"ORM and psycopg": web.cpu_ms.mean / 2, "gateway": web.cpu_ms.mean / 2}
    )


def test_an_interrupted_run_has_what_it_measured() -> None:
    kept = records(counted=False)
    kept.measured = [it for it in kept.measured if it.kind in {"page", "read"}]
    found = summarize(kept, KINDS, run="r", image="i")
    assert [kind.name for kind in found.kinds] == ["page", "read"]
    assert not found.is_complete
    assert document().is_complete


def test_the_document_is_read_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "profile.json"
    written = document()
    path.write_bytes(msgspec.json.encode(written))
    assert msgspec.to_builtins(read_profile(path)) == msgspec.to_builtins(written)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"profile_version": 99}, "is of version 99"),
        ({"kinds": 3}, "is no profile"),
        ({"surplus": 3}, "is no profile"),
    ],
)
def test_another_document_is_refused(
    change: dict[str, object], message: str, tmp_path: Path
) -> None:
    path = tmp_path / "profile.json"
    path.write_text(json.dumps({**msgspec.to_builtins(document()), **change}))
    with pytest.raises(UnreadableProfile, match=message):
        read_profile(path)


def test_a_missing_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableProfile, match="can't be read: No such file"):
        read_profile(tmp_path / "profile.json")


def test_cpu_time_is_that_since_the_earlier_reading_for_one_call() -> None:
    worker = Part("monolith-worker", "monolith", "unit")
    found = cpu_per_call({EDGE: 100.0}, {EDGE: 140.0, worker: 20.0}, 20)
    assert found == {EDGE: 2.0, worker: 1.0}


def test_counts_are_those_since_the_earlier_reading_for_one_call() -> None:
    names = ("transactions", "broker_commands", "messages", "broker_bytes", "request_bytes")
    before = Counts({"SELECT": 4, "SET": 1}, {}, {}, dict.fromkeys((*names, "response_bytes"), 1.0))
    after = dataclasses.replace(
        before,
        statements={"SELECT": 8, "SET": 1},
        s3={"PUT object": 2},
        others={**before.others, "messages": 3.0},
    )
    found = counted_per_call(before, after, 2)
    assert found.statements == {"SELECT": 2.0}
    assert found.s3 == {"PUT object": 1.0}
    assert found.messages == 1.0
    assert found.broker_bytes == 0.0
