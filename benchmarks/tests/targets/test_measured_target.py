"""A target on an engine, as experiments measure it: what is counted, and what is given back."""

import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest
from benchmarks.targets import ARCHITECTURES
from benchmarks.targets.errors import EngineError
from benchmarks.targets.measure.containers import Container
from benchmarks.targets.measured_target import EngineBudget, EngineDeployment, MeasuredTarget


class FakeEngine:
    """An engine's deployment whose containers are on another machine."""

    architecture = ARCHITECTURES["monolith"]
    base_url = "http://10.0.0.1:8080"

    def __init__(self) -> None:
        self.stopped = False
        self.fails_to_stop = False
        self.without_logs: set[str] = set()

    def running_containers(self) -> list[Container]:
        return [
            Container("monolith-web-1", "monolith", "unit", "of-no-machine"),
            Container("image-server", "image-server", "companion", "of-no-machine-2"),
        ]

    def process_types(self, unit: str) -> list[str]:
        return [f"{unit}-web", f"{unit}-worker"]

    def logs(self, process: str) -> str:
        if process in self.without_logs:
            message = f"There is no process {process!r} in the monolith now."
            raise EngineError(message)
        return f"log of {process}\n"

    def scale(self, process: str, count: int) -> float:
        return len(process) * count / 10

    def statistics_url(self) -> str:
        return "postgresql://user:password@127.0.0.1:1/postgres"

    def broker_url(self) -> str:
        return "redis://127.0.0.1:1/0"

    def stop(self) -> None:
        self.stopped = True
        if self.fails_to_stop:
            raise EngineError("It is still there.")


class FakeBudget:
    given_back = False

    def give_back(self) -> None:
        self.given_back = True


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


def target(engine: FakeEngine, run_dir: Path, budget: Any = None) -> MeasuredTarget:
    given = budget or EngineBudget(None, "")
    return MeasuredTarget(cast("EngineDeployment", engine), run_dir, given)


def test_containers_of_another_machine_are_one_clear_error(
    engine: FakeEngine, tmp_path: Path
) -> None:
    with pytest.raises(EngineError, match="run this on the machine that runs them"):
        target(engine, tmp_path).sample()


def test_what_the_engine_s_commands_use_is_the_harness_s_and_no_other_work(
    engine: FakeEngine, tmp_path: Path
) -> None:
    found = target(engine, tmp_path)
    (before,) = found.sample_companions()
    code = "import time\nwhile time.process_time() < 0.2: pass"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
    (after,) = found.sample_companions()
    assert after.role == "companion"
    assert after.cpu_ms - before.cpu_ms >= 200


def test_counters_of_stores_that_are_away_are_none(engine: FakeEngine, tmp_path: Path) -> None:
    counters = target(engine, tmp_path).counters()
    assert counters.messages_published is None
    assert counters.database_transactions is None


def test_the_loopback_of_the_machine_is_not_counted(engine: FakeEngine, tmp_path: Path) -> None:
    """Only the generator's requests could be on it, beside the local arm's whole traffic."""
    found = target(engine, tmp_path)
    assert "loopback_bytes" not in found.counters().since(found.counters())


def test_logs_are_written_by_process_type(engine: FakeEngine, tmp_path: Path) -> None:
    target(engine, tmp_path).collect_logs()
    found = {path.name: path.read_text() for path in (tmp_path / "logs").iterdir()}
    assert found == {
        "monolith-web.log": "log of monolith-web\n",
        "monolith-worker.log": "log of monolith-worker\n",
    }


def test_a_log_that_cannot_be_read_costs_no_trial(engine: FakeEngine, tmp_path: Path) -> None:
    engine.without_logs = {"monolith-web"}
    target(engine, tmp_path).collect_logs()
    lost, kept = (tmp_path / "logs" / f"monolith-{it}.log" for it in ("web", "worker"))
    assert lost.read_text() == "There is no process 'monolith-web' in the monolith now.\n"
    assert kept.read_text() == "log of monolith-worker\n"


def test_the_cores_are_given_back_also_if_the_engine_fails(
    engine: FakeEngine, tmp_path: Path
) -> None:
    engine.fails_to_stop, budget = True, FakeBudget()
    with pytest.raises(EngineError, match="still there"), target(engine, tmp_path, budget):
        pass
    assert engine.stopped
    assert budget.given_back


def test_scaling_takes_the_seconds_of_all_types(engine: FakeEngine, tmp_path: Path) -> None:
    assert target(engine, tmp_path).scale_all({"aa": 2, "bbb": 1}) == pytest.approx(0.7)
