"""Every planted violation makes its cases fail; without one they pass.

Needs a conforming target: pytest selftest --base-url URL [--image-server URL]
"""

import json
import multiprocessing
import os
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
        verdicts, log = tmp_path / "verdicts.json", tmp_path / "log"
        arguments = [
            *("-q", "--tb=no", f"--verdicts={verdicts}"),
            *(f"--base-url={proxy.base_url}", f"--image-server={image_server}", *cases),
        ]
        # Each run is a process of its own, forked from one that has imported what all import.
        forks = multiprocessing.get_context("forkserver")
        forks.set_forkserver_preload(["pytest", "support.client", "support.contract"])
        process = forks.Process(target=_suite, args=(arguments, log))
        process.start()
        process.join(_LIMIT_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()
        assert verdicts.exists(), log.read_text(encoding="utf-8")
        found: dict[str, str] = json.loads(verdicts.read_text(encoding="utf-8"))
        assert found.keys() == set(cases), log.read_text(encoding="utf-8")
        return found

    return run_cases


def _suite(arguments: list[str], log: Path) -> None:
    """Run the suite in this process, and end it."""
    with log.open("wb") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    os.chdir(SUITE)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.exit(pytest.main(arguments))


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
