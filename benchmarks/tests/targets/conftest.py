import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.targets import Target, deploy
from benchmarks.targets.architectures import Architecture, Unit

from backing.ports import free_port

HERE = Path(__file__).parent
FAKE = Architecture(
    name="fake",
    units=(
        Unit(
            name="fake",
            folder=HERE / "fake_unit",
            needs=frozenset({"postgres", "broker"}),
            upstreams="WEB_UPSTREAMS",
        ),
    ),
    edge_folder=HERE / "fake_edge",
    edge_port=0,
)


@pytest.fixture
def architecture() -> Architecture:
    return dataclasses.replace(FAKE, edge_port=free_port())


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fake-run")


@pytest.fixture(scope="module")
def target(run_dir: Path) -> Iterator[Target]:
    architecture = dataclasses.replace(FAKE, edge_port=free_port())
    settings = {"RELEASED": str(run_dir / "released")}
    with deploy(architecture, run_dir=run_dir, settings=settings) as deployed:
        yield deployed
