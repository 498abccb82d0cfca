import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from backing.processes import Process, ProcessSpec, Supervisor

FORKS = "import subprocess, sys, time; subprocess.Popen(['sleep', '600']); time.sleep(600)"


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    with Supervisor(tmp_path / "run") as found:
        yield found


def python_spec(code: str, *, name: str = "victim", **more: object) -> ProcessSpec:
    command = (sys.executable, "-u", "-c", code)
    return ProcessSpec(name, "unit", "unit", command, Path("/"), **more)  # type: ignore[arg-type]


def printed(text: str, process: Process) -> bool:
    return any(text in line for line in process.last_lines())
