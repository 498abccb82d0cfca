"""Who may import whom holds, and each rule is seen to fail when it is broken."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BACKING = ROOT.parent / "shared" / "backing"


def lint(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Check the contracts of the project in this folder."""
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(folder.parent), str(folder)))},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def copy_of(project: Path, folder: Path) -> Path:
    """Copy a project without its tests and results; its package `tests` stays, and is empty."""
    skipped = shutil.ignore_patterns("results", "__pycache__", ".mypy_cache", "tests")
    copy = shutil.copytree(project, folder / project.name, ignore=skipped)
    (copy / "tests").mkdir()
    (copy / "tests" / "__init__.py").touch()
    return Path(copy)


def plant(project: Path, file: str, line: str) -> None:
    """Add a line to a module, which is made if there is none."""
    with (project / file).open("a") as module:
        module.write(f"\n{line}\n")


def verdict(output: str, contract: str) -> str:
    """Return the verdict in a contract's line: KEPT or BROKEN."""
    line = next(line for line in output.splitlines() if line.startswith(contract))
    return next(word for word in line.split() if word in {"KEPT", "BROKEN"})


@pytest.mark.parametrize(("project", "kept"), [(ROOT, 15), (BACKING, 1)])
def test_every_rule_holds(project: Path, kept: int) -> None:
    done = lint(project)
    assert done.returncode == 0, done.stdout
    assert f"{kept} kept, 0 broken" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "planted", "broken"),
    [
        (
            "targets/local/target.py",
            "import benchmarks.experiments.runner.run",
            "The harness is in",
        ),
        ("report/page.py", "import benchmarks.experiments.results", "The harness is in"),
        ("ports.py", "import benchmarks.targets.local.settings", "The harness is in"),
        ("extra.py", "", "The harness is in"),  # a module in no layer
        ("experiments/runner/run.py", "import benchmarks.experiments.faults.run", "Every exp"),
        ("experiments/runner/trial.py", "import benchmarks.experiments.registry", "Every exp"),
        ("experiments/extra.py", "", "Every experiment stands"),
        ("experiments/faults/run.py", "from benchmarks.experiments.deploy import run", "The exp"),
        ("experiments/faults/claims.py", "import benchmarks.experiments.scaling", "The exp"),
        ("experiments/deploy/run.py", "import benchmarks.experiments.faults.windows", "The exp"),
        ("experiments/contract/run.py", "import benchmarks.experiments.isolation.run", "The exp"),
        (
            "experiments/scaling/summary/kinds.py",
            "import benchmarks.targets.local.target",
            "An exp",
        ),
        ("experiments/runner/summary/arms.py", "import benchmarks.targets.local.target", "An exp"),
        ("analysis/ratios.py", "from pathlib import Path", "The statistics are pure"),
        ("analysis/ratios.py", "import benchmarks.workload.rows", "The statistics are pure"),
        ("cost/model.py", "import benchmarks.workload.rows", "The cost model is pure"),
        ("cost/prices.py", "import subprocess", "The cost model is pure"),
        ("cost/prices.py", "import benchmarks.pricing.blocks", "The harness is in"),
        ("planning/plan.py", "import time", "Planning simulates"),
        ("planning/plan.py", "import benchmarks.workload.arrivals", "Planning simulates"),
        ("cost/prices.py", "import benchmarks.planning.plan", "The harness is in"),
        ("report/page.py", "import benchmarks.targets.local.settings", "The report takes"),
        ("report/page.py", "import subprocess", "The report takes"),
        ("results_model/document.py", "import benchmarks.report.page", "The harness is in"),
        ("results_model/arms.py", "import benchmarks.experiments.runner.arms", "The results doc"),
        ("results_model/reading.py", "import subprocess", "The results document's"),
        ("workload/rows.py", "import benchmarks.analysis.trials", "The workload is alone"),
        ("oracle/check.py", "import benchmarks.targets.local.target", "The oracle knows"),
        ("oracle/client.py", "import benchmarks.workload.tasks", "The oracle knows"),
        ("targets/injection/signals.py", "import benchmarks.oracle.check", "Targets know"),
        ("targets/measure/counters.py", "import benchmarks.targets.local.launcher", "What all"),
        ("targets/git.py", "import benchmarks.targets.releases.artifacts", "What all"),
        (
            "targets/kubernetes/target.py",
            "import benchmarks.targets.local.edge",
            "A target of Kubernetes",
        ),
        ("targets/compose/target.py", "import benchmarks.targets.local.edge", "A target of Kub"),
        ("targets/git.py", "import benchmarks.targets.compose.engine", "What all"),
        ("report/page.py", "import benchmarks.reliability.rows", "Only the fault tests"),
    ],
)
def test_a_planted_violation_fails(tmp_path: Path, file: str, planted: str, broken: str) -> None:
    project = copy_of(ROOT, tmp_path)
    plant(project, file, planted)
    done = lint(project)
    assert done.returncode != 0
    assert verdict(done.stdout, broken) == "BROKEN"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "planted"),
    [
        ("backing/processes.py", "import backing.postgres"),
        ("backing/postgres.py", "import backing.valkey"),  # one service knows no other
        ("backing/errors.py", "import backing.lifetime"),
        ("backing/extra.py", ""),  # a module in no layer
    ],
)
def test_a_violation_planted_into_backing_fails(tmp_path: Path, file: str, planted: str) -> None:
    project = copy_of(BACKING, tmp_path)
    plant(project, file, planted)
    done = lint(project)
    assert done.returncode != 0
    assert verdict(done.stdout, "The backing services are in layers") == "BROKEN"
