"""The code overrides have their configured effects: CPU time, and a set clock."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.selfcheck.fault_injection import CLOCK, FAULTS
from benchmarks.selfcheck.series import (
    LONGER_SECONDS,
    OVERRIDE,
    SLOW_DOWN,
    of_load,
    of_releases,
    pilot,
)

SLOWER = Path(__file__).resolve().parents[2] / OVERRIDE

RECOGNIZER = """
class CenterFace:
    def recognize(self, image):
        return image
"""


def test_the_slower_recognizer_uses_the_configured_cpu(tmp_path: Path) -> None:
    package = tmp_path / "imaging" / "recognizers"
    package.mkdir(parents=True)
    for folder in (package.parent, package):
        (folder / "__init__.py").touch()
    (package / "centerface.py").write_text(RECOGNIZER)
    code = (
        "import time; from imaging.recognizers.centerface import CenterFace; it = CenterFace();"
        "t = time.thread_time(); assert it.recognize(7) == 7;"
        "print((time.thread_time() - t) * 1000)"
    )
    for planted, low, high in (("0", 0.0, 5.0), ("40", 40.0, 60.0)):
        burnt = float(_run(code, f"{SLOWER}:{tmp_path}", PLANTED_CPU_MS=planted))
        assert low <= burnt <= high


def test_a_unit_without_the_wheel_starts_as_ever() -> None:
    assert _run("print('up')", str(SLOWER), PLANTED_CPU_MS="5").strip() == "up"


def test_the_planted_clock_is_set_at_a_signal() -> None:
    code = (
        "import os, signal, time\n"
        "before = time.time() - time.monotonic()\n"
        "print(time.time() - time.monotonic() - before)\n"
        "os.kill(os.getpid(), signal.SIGUSR1)\n"
        "print(time.time() - time.monotonic() - before)"
    )
    unset, skew = _run(code, str(CLOCK), PLANTED_CLOCK_BY_SECONDS="5").split()
    assert abs(float(unset)) < 0.1
    assert 4.9 < float(skew) < 5.1


def test_only_a_release_command_takes_longer(tmp_path: Path) -> None:
    manage = tmp_path / "manage.py"
    manage.write_text("import time; print(time.perf_counter())")
    began = time.perf_counter()
    _run_file(manage, "release", PLANTED_RELEASE_SECONDS="1.5")
    assert time.perf_counter() - began >= 1.5
    began = time.perf_counter()
    for _ in range(3):  # a busy machine may start one of them slowly
        began = time.perf_counter()
        _run_file(manage, "serve", PLANTED_RELEASE_SECONDS="1.5")
        if time.perf_counter() - began < 1.5:
            return
    raise AssertionError("a command that isn't a release command was delayed")


def test_the_slowed_down_arms_differ_in_nothing_else() -> None:
    for series, name, planted in (
        (of_load(3, plain_cpu_ms=80.0), "PLANTED_CPU_MS", 80.0 * SLOW_DOWN),
        (of_releases(3), "PLANTED_RELEASE_SECONDS", LONGER_SECONDS),
    ):
        (sweep,) = (it for it in series.run if it.name == series.places.sweep)
        plain, again, slower = sweep.arms
        assert replace(again, name=plain.name) == plain
        assert float(slower.settings[name]) == planted
        settings = {**slower.settings, name: plain.settings[name]}
        assert replace(slower, name=plain.name, settings=settings) == plain
        assert sweep.blocks == 3
    assert pilot().arms[0].settings["PLANTED_CPU_MS"] == "0.000"


def test_the_places_are_the_arms_that_the_experiments_compare() -> None:
    for series in (of_load(20, plain_cpu_ms=80.0), of_releases(20)):
        (sweep,) = (it for it in series.quick if it.name == series.places.sweep)
        assert [arm.name for arm in sweep.arms] == [series.places.first, series.places.second]
        assert series.blocks == sweep.blocks >= 5


def test_each_hurt_expects_a_reason_of_its_own() -> None:
    expected = [fault.expected for fault in FAULTS if fault.name != "control"]
    assert all(expected)
    assert len(set(expected)) == len(expected)


def _run(code: str, path: str, **environment: str) -> str:
    return _output(["-c", code], path, environment)


def _run_file(file: Path, *arguments: str, **environment: str) -> str:
    return _output([str(file), *arguments], str(SLOWER), environment)


def _output(arguments: list[str], path: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": path, **environment},
        timeout=30,
    )
    return done.stdout
