"""What is kept apart is, and each rule is seen to fail when it is broken."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def lint(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Check the package `benchmarks` in this folder."""
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=folder / ROOT.name,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_every_rule_holds() -> None:
    done = lint(ROOT.parent)
    assert done.returncode == 0, done.stdout
    assert "6 kept, 0 broken" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "planted", "broken"),
    [
        (
            "experiments/faults/run.py",
            "from benchmarks.experiments import releasing",
            "The faults experiment",
        ),
        (
            "experiments/faults/claims.py",
            "import benchmarks.experiments.scaling",
            "The faults experiment",
        ),
        (
            "experiments/engine/run.py",
            "import benchmarks.experiments.faults.run",
            "No other experiment",
        ),
        ("experiments/deploy.py", "from benchmarks.experiments.faults import windows", "No other"),
        ("oracle/check.py", "import benchmarks.targets.local.target", "The oracle knows"),
        ("oracle/client.py", "import benchmarks.workload.tasks", "The oracle knows"),
        ("targets/injection/signals.py", "import benchmarks.oracle.check", "Targets know"),
        (
            "targets/measure/counters.py",
            "import benchmarks.targets.local.edge",
            "What all platforms",
        ),
        ("targets/git.py", "import benchmarks.targets.releases.artifacts", "What all"),
        ("report/page.py", "import benchmarks.reliability.rows", "Only the fault tests"),
    ],
)
def test_a_planted_violation_fails(tmp_path: Path, file: str, planted: str, broken: str) -> None:
    skipped = shutil.ignore_patterns("results", "__pycache__", ".mypy_cache", "tests")
    shutil.copytree(ROOT, tmp_path / ROOT.name, ignore=skipped)
    (tmp_path / ROOT.name / "tests").mkdir()
    (tmp_path / ROOT.name / "tests" / "__init__.py").touch()
    with (tmp_path / ROOT.name / file).open("a") as module:
        module.write(f"\n{planted}\n")
    done = lint(tmp_path)
    assert done.returncode != 0
    verdict = next(line for line in done.stdout.splitlines() if line.startswith(broken))
    assert verdict.endswith("BROKEN")
