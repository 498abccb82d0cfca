"""The floor: real work on a real object store, in the monolith's environment."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
import yaml
from benchmarks.targets import FloorTarget, deploy_floor
from benchmarks.targets.floor.target import read_stamps
from benchmarks.targets.measure.inventory import store_client
from benchmarks.tests.targets.conftest import TARGET_CORES

from backing import StartError
from backing.state import read_state

SHARED = Path(__file__).parents[3] / "shared"
IMAGE = SHARED / "fixtures" / "load.jpg"
SETTINGS = {"RECOGNIZER": "synthetic", "SYNTHETIC_CPU_MS": "20"}


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FloorTarget]:
    run_dir = tmp_path_factory.mktemp("floor")
    with deploy_floor(
        run_dir=run_dir, settings=SETTINGS, cores=TARGET_CORES, image=IMAGE
    ) as deployed:
        yield deployed


def test_iterations_are_stamped_on_this_process_s_clock_and_cost_cpu(floor: FloorTarget) -> None:
    before, began = floor.sample(), len(floor.completed())
    time.sleep(1.5)
    stamps, after = floor.completed(), floor.sample()
    assert len(stamps) > began
    assert stamps == sorted(stamps)
    assert time.monotonic() - 5 < stamps[-1] <= time.monotonic()
    assert {sample.process for sample in after} == {"floor-loop-1", "s3"}
    used = {sample.process: sample.cpu_ms for sample in after}
    rest = {sample.process: sample.cpu_ms for sample in before}
    # Each iteration burns 20 ms; the ticks of the kernel are 10 ms.
    assert used["floor-loop-1"] - rest["floor-loop-1"] >= 20 * (len(stamps) - began - 1) - 10


def test_all_runs_on_the_cores(floor: FloorTarget) -> None:
    assert {p.name: os.sched_getaffinity(p.pid) for p in floor.processes} == {
        "floor-loop-1": TARGET_CORES,
        "s3": TARGET_CORES,
    }


def test_what_is_stored_is_what_was_stamped_and_keeps_the_contract(floor: FloorTarget) -> None:
    floor.finish()
    counts = floor.counts()
    assert counts.results == counts.images == counts.rows == len(floor.completed())
    assert counts.states == {"succeeded": counts.results}
    assert counts.uploads == 1
    store, environment = store_client(floor.store_environment()), floor.store_environment()
    key = store.list_objects_v2(Bucket=environment["RESULT_BUCKET"])["Contents"][0]["Key"]
    result = json.loads(
        store.get_object(Bucket=environment["RESULT_BUCKET"], Key=key)["Body"].read()
    )
    contract = yaml.safe_load((SHARED / "contracts" / "openapi.yaml").read_text())
    jsonschema.validate(result, {"$ref": "#/components/schemas/Result", **contract})
    assert f"results/{result['submission_id']}.json" == key
    assert result["recognizer"]["name"] == "synthetic"


def test_a_loop_that_fails_is_reported_and_leaves_nothing_behind(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no image")
    with pytest.raises(StartError, match=r"(?s)floor-loop-1 ended.*ImageUnsupported"):
        deploy_floor(run_dir=tmp_path / "run", settings=SETTINGS, cores=None, image=broken)
    state = read_state(tmp_path / "run")
    assert state is not None
    assert not state.alive


def test_a_line_that_is_not_whole_does_not_count(tmp_path: Path) -> None:
    stamps = tmp_path / "completed.txt"
    stamps.write_text("1.500000\n2.500000\n3.5")
    assert read_stamps(stamps) == [1.5, 2.5]
