import dataclasses
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from benchmarks.targets import Target, deploy
from benchmarks.targets.architectures import Architecture, Unit

from backing import ProcessSpec, Supervisor
from backing.ports import free_port

# The last one, where there are several: not the one where this process may happen to run.
TARGET_CORES = frozenset({max(os.sched_getaffinity(0))})
COMPANION_CORES = frozenset({min(os.sched_getaffinity(0))})
# Two for the worker and the sweeper, three for the web processes
DATABASE_CONNECTIONS = 5

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
    fixed_port=0,
)


@pytest.fixture
def architecture() -> Architecture:
    return dataclasses.replace(FAKE, fixed_port=free_port())


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fake-run")


class FakeCompanion:
    def start(
        self,
        supervisor: Supervisor,
        architecture: Architecture,  # noqa: ARG002 - a companion's signature
        cores: frozenset[int] | None,
    ) -> Mapping[str, str]:
        command = (sys.executable, "-c", "import time; time.sleep(600)")
        supervisor.start(
            ProcessSpec("friend", "friend", "companion", command, Path("/"), cores=cores)
        )
        return {"FRIEND": "near"}


@pytest.fixture(scope="module")
def target(run_dir: Path) -> Iterator[Target]:
    architecture = dataclasses.replace(FAKE, fixed_port=free_port())
    with deploy(
        architecture,
        run_dir=run_dir,
        settings={"RELEASED": str(run_dir / "released"), "BUSY": str(run_dir / "busy")},
        cores=TARGET_CORES,
        companions=[FakeCompanion()],
        companion_cores=COMPANION_CORES,
        database_connections=DATABASE_CONNECTIONS,
        count_statements=True,
        apart={"fake-sweeper": COMPANION_CORES},
    ) as deployed:
        yield deployed
