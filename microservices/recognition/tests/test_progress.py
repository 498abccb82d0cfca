"""A worker whose acknowledgement fails while the broker is stalled recovers, or is reported."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import worker_health
from tests.backing_services import Broker
from tests.ports import free_port

ROOT = Path(__file__).parents[1]
PROCESS = "worker"


class Worker:
    """The Procfile's worker with the tasks of `stall_tasks`, on a broker of its own."""

    def __init__(self, folder: Path, app: str) -> None:
        self.heartbeat, self.log, self._folder = folder / "heartbeat", folder / "log", folder
        self._broker = Broker(port=free_port())
        procfile = (ROOT / "Procfile").read_text()
        command = re.search(rf"^{PROCESS}: (.*)$", procfile, re.MULTILINE)
        assert command is not None
        self._command = re.sub(r"--app \S+", f"--app {app}", command.group(1))
        self._process: subprocess.Popen[bytes] | None = None
        self.broker_pid = 0

    def start(self) -> None:
        self._broker.start()
        server: Any = self._broker.client.info("server")
        self.broker_pid = int(server["process_id"])
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                ["sh", "-c", f"exec {self._command} --concurrency 1"],
                cwd=ROOT,
                env=os.environ
                | {
                    "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                    "BROKER_URL": self._broker.url,
                    "WORKER_HEARTBEAT_FILE": str(self.heartbeat),
                    "LOG_LEVEL": "INFO",
                },
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_for(lambda: " ready." in self.log.read_text())

    def send(self, name: str, *arguments: object) -> None:
        self._broker.send(f"tests.{name}", *arguments)

    def takes_messages(self, seconds: float) -> bool:
        """Return whether a task that is sent now runs within so many seconds."""
        file = self._folder / uuid4().hex
        self.send("leave_file", str(file))
        return found(file.exists, seconds)

    def lose_acknowledgement(self) -> None:
        """Stall the broker until a message couldn't be acknowledged."""
        self.send("stall_broker", self.broker_pid)
        try:
            wait_for(lambda: "Couldn't ack" in self.log.read_text())
        finally:
            os.kill(self.broker_pid, signal.SIGCONT)

    def is_healthy(self, max_age_seconds: float) -> bool:
        return worker_health.main([str(self.heartbeat), str(max_age_seconds)]) == 0

    def stop(self) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._broker.stop()


def found(condition: Callable[[], Any], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def wait_for(condition: Callable[[], Any]) -> None:
    assert found(condition, 60)


@contextmanager
def worker(folder: Path, app: str) -> Iterator[Worker]:
    running = Worker(folder, app)
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_worker_whose_acknowledgement_failed_takes_the_next_message(tmp_path: Path) -> None:
    with worker(tmp_path, "tests.stall_tasks") as running:
        for _ in range(2):
            running.lose_acknowledgement()
            assert running.takes_messages(seconds=60)
            running.log.write_text("")
        before = running.heartbeat.stat().st_mtime
        wait_for(lambda: running.heartbeat.stat().st_mtime > before)
        assert running.is_healthy(max_age_seconds=60)


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_worker_that_takes_no_message_is_unhealthy(tmp_path: Path) -> None:
    with worker(tmp_path, "tests.stall_tasks_unrepaired") as running:
        assert running.takes_messages(seconds=60)
        before = running.heartbeat.stat().st_mtime
        wait_for(lambda: running.heartbeat.stat().st_mtime > before)
        running.lose_acknowledgement()
        assert not running.takes_messages(seconds=8)
        assert not running.is_healthy(max_age_seconds=7)


def test_the_health_check_names_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "heartbeat"
    assert worker_health.main([]) == 1
    assert "WORKER_HEARTBEAT_FILE" in capsys.readouterr().err
    assert worker_health.main([str(file)]) == 1
    assert "is missing" in capsys.readouterr().err
    file.touch()
    assert worker_health.main([str(file)]) == 0
    os.utime(file, (0, time.time() - 61))
    assert worker_health.main([str(file)]) == 1
    assert "no progress for 61 s" in capsys.readouterr().err
    assert worker_health.main([str(file), "3600"]) == 0


def test_a_probe_imports_nothing_more_than_python_does_by_itself() -> None:
    found = "import sys; own = {*sys.modules}; import worker_health; print(*{*sys.modules} - own)"
    done = subprocess.run(
        [sys.executable, "-c", found], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "worker_health\n"
