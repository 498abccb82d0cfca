"""A project is removed whatever happens meanwhile: Ctrl-C, a full disk, a command that fails."""

import errno
import os
import signal
import threading
from pathlib import Path
from typing import cast

import pytest
from benchmarks.targets import ARCHITECTURES
from benchmarks.targets.architectures import unit_names
from benchmarks.targets.compose import ComposeTarget
from benchmarks.targets.compose.compose_command import Compose
from benchmarks.targets.compose.engine import Engine
from benchmarks.targets.compose.removal import interrupts_deferred
from benchmarks.targets.compose.services import tag_variable
from benchmarks.targets.compose.settings import FOLDER
from benchmarks.targets.errors import EngineError
from benchmarks.tests.targets.fake_compose import FakeEngine, running

ARCH = "monolith"


class System:
    def __init__(self, run_dir: Path) -> None:
        self.engine, self.compose, services = running(ARCH)
        (run_dir / FOLDER).mkdir()
        self.target = ComposeTarget(
            ARCHITECTURES[ARCH],
            cast("Engine", self.engine),
            cast("Compose", self.compose),
            services=services,
            variables={tag_variable(it): "local" for it in unit_names(ARCHITECTURES[ARCH])},
            run_dir=run_dir,
        )

    def downs(self) -> int:
        return sum(call[0] == "down" for call in self.compose.calls)


@pytest.fixture
def system(tmp_path: Path) -> System:
    return System(tmp_path)


def test_a_project_is_removed_with_its_secrets_and_its_logs_stay(
    system: System, tmp_path: Path
) -> None:
    system.target.stop()
    assert system.downs() == 1
    assert not system.engine.exists()
    assert not (tmp_path / FOLDER).exists()
    assert (tmp_path / "logs" / "monolith-web-1.log").read_text() == "log of monolith-web#1\n"


def test_a_command_that_fails_is_repeated(system: System, tmp_path: Path) -> None:
    system.compose.failing_downs = 1
    system.target.stop()
    assert system.downs() == 2
    assert not system.engine.exists()


def test_what_cannot_be_removed_is_an_error_and_its_secrets_are_removed(
    system: System, tmp_path: Path
) -> None:
    system.compose.failing_downs = 2
    with pytest.raises(EngineError, match="network has active endpoints"):
        system.target.stop()
    assert not (tmp_path / FOLDER).exists()


def test_what_appears_late_is_removed_too(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    services, run = system.target._services, system.compose.run

    def late(*arguments: str) -> str:
        output = run(*arguments)
        if system.downs() == 1:
            system.engine.add(services.all["postgres"], "postgres@local")
        return output

    monkeypatch.setattr(system.compose, "run", lambda *words, **_options: late(*words))
    system.target.stop()
    assert system.downs() == 2
    assert not system.engine.containers()


def test_a_full_disk_keeps_no_project(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path, _text: str) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", full)
    system.target.stop()
    assert not system.engine.exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_has_its_effect_after_the_removal(
    system: System, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    log, before = FakeEngine.log, signal.getsignal(number)

    def interrupted(engine: FakeEngine, container: object) -> str:
        os.kill(os.getpid(), number)
        return log(engine, container)  # type: ignore[arg-type]

    monkeypatch.setattr(FakeEngine, "log", interrupted)
    with pytest.raises(KeyboardInterrupt):
        system.target.stop()
    assert not system.engine.exists()
    assert signal.getsignal(number) is before


def test_in_another_thread_nothing_is_deferred() -> None:
    found: list[object] = []

    def look() -> None:
        with interrupts_deferred():
            found.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join(timeout=5)
    assert found == [signal.getsignal(signal.SIGINT)]
