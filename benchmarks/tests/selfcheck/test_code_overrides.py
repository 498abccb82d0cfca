"""The code overrides have their configured effects: CPU time, and a set clock."""

import subprocess
import sys
from pathlib import Path

from benchmarks.selfcheck.fault_injection import CLOCK, FAULTS
from benchmarks.selfcheck.series import OVERRIDE, SLOW_DOWN, pilot, series

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


def test_the_planted_clock_is_set_after_a_while() -> None:
    code = (
        "import time; before = time.time() - time.monotonic(); time.sleep(0.6);"
        "print(time.time() - time.monotonic() - before)"
    )
    skew = _run(code, str(CLOCK), PLANTED_CLOCK_AFTER_SECONDS="0.5", PLANTED_CLOCK_BY_SECONDS="5")
    assert 4.9 < float(skew) < 5.1


def test_the_slowed_down_arm_differs_in_nothing_else() -> None:
    plain, again, slower = series(3, plain_cpu_ms=80.0).arms
    assert plain.settings == again.settings == pilot().arms[0].settings
    assert float(slower.settings["PLANTED_CPU_MS"]) == 80.0 * SLOW_DOWN
    without = {**slower.settings, "PLANTED_CPU_MS": plain.settings["PLANTED_CPU_MS"]}
    assert without == plain.settings


def test_each_hurt_expects_a_reason_of_its_own() -> None:
    expected = [fault.expected for fault in FAULTS if fault.name != "control"]
    assert all(expected)
    assert len(set(expected)) == len(expected)


def _run(code: str, path: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": path, **environment},
        timeout=30,
    )
    return done.stdout
