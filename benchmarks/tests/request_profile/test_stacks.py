"""Stacks that can't be sampled cost nothing but themselves: one sentence, and the run goes on."""

import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from backing import ProcessSpec, Supervisor
from benchmarks.request_profile import stacks
from benchmarks.request_profile.layers import APPLICATION
from benchmarks.request_profile.stacks import Sampler
from benchmarks.targets import Target

BUSY = "while True:\n    sum(range(1000))\n"


@pytest.fixture
def target(tmp_path: Path) -> Any:
    """Return a target with one busy Python process, whose code is that of a unit's application."""
    code = tmp_path / "monolith" / "submissions" / "services.py"
    code.parent.mkdir(parents=True)
    code.write_text(BUSY)
    with Supervisor(tmp_path / "run") as supervisor:
        supervisor.start(
            ProcessSpec("fake-web-1", "fake", "unit", (sys.executable, str(code)), tmp_path)
        )
        yield cast(
            "Target",
            SimpleNamespace(arch="fake", processes=tuple(supervisor.processes.values())),
        )


def script(folder: Path, command: str) -> Path:
    """Write a program that runs a command in a folder, in py-spy's place."""
    made = folder / "py-spy"
    made.write_text(f"#!/bin/sh\ncd '{folder}'\n{command}\n")
    made.chmod(0o755)
    return made


def test_a_missing_sampler_is_one_sentence_and_is_not_tried_again(
    target: Target, tmp_path: Path
) -> None:
    sampler = Sampler(tmp_path / "stacks", 1.0)
    sampler._executable = tmp_path / "nowhere"
    calls: Counter[str] = Counter()
    assert sampler.sample(target, "read", lambda: calls.update("x")) == {}
    assert sampler.problem == (
        "Stacks weren't sampled: py-spy can't be started (No such file or directory)."
    )
    sampler._executable = script(tmp_path, "touch started")
    assert sampler.sample(target, "list", lambda: calls.update("x")) == {}
    assert not calls
    assert not (tmp_path / "started").exists()


def test_a_sampler_that_fails_is_reported_with_its_last_line(
    target: Target, tmp_path: Path
) -> None:
    sampler = Sampler(tmp_path / "stacks", 1.0)
    sampler._executable = script(tmp_path, "echo first >&2\necho 'Permission Denied' >&2\nexit 1")
    assert sampler.sample(target, "read", lambda: None) == {}
    assert sampler.problem == "Stacks weren't sampled: py-spy failed (Permission Denied)."


def test_a_sampler_that_hangs_is_ended(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stacks, "START_SECONDS", 0.2)
    sampler = Sampler(tmp_path / "stacks", 0.1)
    sampler._executable = script(tmp_path, "exec sleep 60")
    assert sampler.sample(target, "read", lambda: None) == {}
    assert sampler.problem == "Stacks weren't sampled: py-spy didn't end in time."


def test_a_busy_process_is_sampled_or_the_reason_is_known(target: Target, tmp_path: Path) -> None:
    sampler = Sampler(tmp_path / "stacks", 1.0)
    found = sampler.sample(target, "read", lambda: None)
    if sampler.problem:
        pytest.skip(sampler.problem)
    assert found == {"fake-web": {APPLICATION: pytest.approx(1.0)}}
    assert "<module>" in (tmp_path / "stacks" / "fake-read-fake-web-1.txt").read_text()
