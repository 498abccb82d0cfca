"""Every planted violation makes its cases fail; without one they pass.

Needs a conforming target: pytest selftest --base-url URL [--image-server URL]
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from selftest.defects import DEFECTS
from selftest.proxy import Proxy

SUITE = Path(__file__).resolve().parents[1]
_LIMIT_SECONDS = 120
Run = Callable[[Sequence[str]], dict[str, str]]


@pytest.fixture(scope="module")
def proxy(base_url: str) -> Iterator[Proxy]:
    proxy = Proxy(base_url)
    yield proxy
    proxy.stop()


@pytest.fixture
def run(proxy: Proxy, image_server: str, tmp_path: Path) -> Run:
    """Run cases through the proxy and return their verdicts."""

    def run_cases(cases: Sequence[str]) -> dict[str, str]:
        verdicts = tmp_path / "verdicts.json"
        command = [
            *(sys.executable, "-m", "pytest", "-q", "--tb=no", f"--verdicts={verdicts}"),
            *(f"--base-url={proxy.base_url}", f"--image-server={image_server}", *cases),
        ]
        environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        done = subprocess.run(
            command,
            cwd=SUITE,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_LIMIT_SECONDS,
            check=False,
        )
        assert verdicts.exists(), done.stdout + done.stderr
        found: dict[str, str] = json.loads(verdicts.read_text(encoding="utf-8"))
        assert found.keys() == set(cases), done.stdout
        return found

    return run_cases


def test_without_a_defect_all_are_green(proxy: Proxy, run: Run) -> None:
    cases = sorted({case for defect in DEFECTS.values() for case in defect.cases})
    with proxy.plant(None):
        found = run(cases)
    assert [case for case, verdict in found.items() if verdict != "passed"] == []


@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_violation_is_caught(proxy: Proxy, run: Run, name: str) -> None:
    defect = DEFECTS[name]
    with proxy.plant(defect):
        found = run(defect.cases)
    assert [case for case, verdict in found.items() if verdict != "failed"] == []
