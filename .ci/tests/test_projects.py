"""The table of projects: a row is enough for every command, and a wrong row is a sentence."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from benchmarks import projects

from repository import PROJECTS, REPOSITORY, VENVS, Table

ROW = """
[projects.billing]
folder = "microservices/billing"
architecture = "microservices"
locks = ["main", "dev"]
checks = ["types", "boundaries"]
backing = ["PostgreSQL"]
tests = { seconds = 5 }
"""
PYPROJECT = """\
[project]
name = "billing"
version = "0.1.0"
dependencies = []
[dependency-groups]
dev = ["pytest>=8"]
[tool.mypy]
strict = true
files = ["billing.py"]
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of the commands alone, with a service that one folder and one row add."""
    root = tmp_path_factory.mktemp("checkout")
    skipped = shutil.ignore_patterns("__pycache__", ".mypy_cache", ".pytest_cache")
    shutil.copytree(REPOSITORY / ".ci", root / ".ci", ignore=skipped)
    control = Path("shared", "backing", "process_control")
    shutil.copytree(REPOSITORY / control, root / control, ignore=skipped)
    (root / "benchmarks").mkdir()
    for name in ("__init__.py", "ports.py", "projects.py", "repository.py"):
        shutil.copy(REPOSITORY / "benchmarks" / name, root / "benchmarks")
    table = root / ".ci" / "projects.toml"
    table.write_text(table.read_text() + ROW)
    service = root / "microservices" / "billing"
    (service / "tests").mkdir(parents=True)
    (service / "pyproject.toml").write_text(PYPROJECT)
    (service / "requirements.txt").write_text("")
    (service / "billing.py").write_text("total: int = 1\n")
    (service / "tests" / "test_billing.py").write_text("def test_it() -> None:\n    assert True\n")
    # An environment with pytest and mypy, as prepare would make it from the lock.
    (root / ".venvs").mkdir()
    (root / ".venvs" / "billing-dev").symlink_to(VENVS / "lint", target_is_directory=True)
    return root


def command(checkout: Path, script: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(checkout / ".ci" / script), *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=checkout,
        env={name: it for name, it in os.environ.items() if name != "STARTED_BY"},
        timeout=120,
    )


def test_prepare_has_the_environments_of_a_new_service(checkout: Path) -> None:
    listed = command(checkout, "prepare.py", "--list").stdout.splitlines()
    assert any(
        line.split() == ["billing", "microservices/billing/requirements.txt"] for line in listed
    )
    assert any(line.startswith("billing-dev ") for line in listed)
    deployed = "from repository import PROJECTS; print(PROJECTS.deployment('microservices'))"
    shown = subprocess.run(
        [sys.executable, "-c", deployed],
        check=True,
        capture_output=True,
        text=True,
        cwd=checkout / ".ci",
    ).stdout
    assert "'billing'" in shown, "make up prepares its environment"


def test_a_unit_with_a_lock_for_its_function_has_an_environment_for_it() -> None:
    assert PROJECTS.functions("monolith", "microservices") == [
        "monolith-function",
        "recognition-function",
    ]
    assert not set(PROJECTS.functions("monolith")) & set(PROJECTS.deployment("monolith"))


def test_every_unit_has_an_environment_for_its_traces_that_a_deployment_doesnt_need() -> None:
    assert PROJECTS.observed("monolith", "microservices") == [
        "monolith-observe",
        "accounts-observe",
        "submissions-observe",
        "recognition-observe",
    ]
    assert not set(PROJECTS.observed("monolith")) & set(PROJECTS.deployment("monolith"))


@pytest.mark.parametrize("arm", ["serverless", ""])
def test_an_unknown_choice_for_recognition_is_refused_in_one_sentence(arm: str) -> None:
    done = subprocess.run(
        ["make", "up", f"RECOGNITION={arm}"],
        check=False,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        timeout=60,
    )
    assert done.returncode != 0
    assert done.stderr.splitlines()[0] == f"There is no RECOGNITION={arm}: use celery or lambda."


def test_lock_and_the_check_of_locks_have_the_locks_of_a_new_service(checkout: Path) -> None:
    done = command(checkout, "locks.py")
    assert "microservices/billing/requirements-dev.txt is missing" in done.stderr
    assert "microservices/billing/requirements.txt is missing" not in done.stderr
    refused = command(checkout, "lock.py", "invoicing")
    assert refused.returncode == 2
    assert "billing" in refused.stderr


def test_test_runs_the_suite_of_a_new_service(checkout: Path) -> None:
    listed = command(checkout, "test.py", "--list").stdout
    assert "billing                    test       billing-dev      microservices/billing" in listed
    code = (
        "import suite_runner as it, suites; it.OUT.mkdir(parents=True, exist_ok=True); "
        "print(it.Runner().run(next(s for s in suites.SUITES if s.name == 'billing')))"
    )
    environment = {**os.environ, "PYTHONPATH": str(checkout / ".ci")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        capture_output=True,
        text=True,
        cwd=checkout,
        env=environment,
        timeout=120,
    )
    assert "passed=1, failed=0" in done.stdout, done.stderr


@pytest.mark.parametrize(("source", "status"), [("total: int = 1\n", 0), ("total: int = ''\n", 1)])
def test_check_runs_the_checks_of_a_new_service(checkout: Path, source: str, status: int) -> None:
    listed = command(checkout, "check.py", "--list").stdout
    assert "types billing            billing-dev        microservices/billing" in listed
    assert "boundaries billing       billing-dev        microservices/billing" in listed
    (checkout / "microservices" / "billing" / "billing.py").write_text(source)
    code = (
        "import check, checks; "
        "print(check.run(next(c for c in checks.CHECKS if c.name == 'types billing'))[:2])"
    )
    environment = {**os.environ, "PYTHONPATH": str(checkout / ".ci")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        capture_output=True,
        text=True,
        cwd=checkout,
        env=environment,
        timeout=120,
    )
    assert done.stdout.startswith(f"({status}, "), done.stdout + done.stderr


def missing(table: Table) -> list[str]:
    """Return which units lack their entry in targets or compose, their Dockerfile or template."""
    targets = (REPOSITORY / "benchmarks" / "targets" / "architectures.py").read_text()
    compose = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())
    built = {
        service["build"].get("dockerfile")
        for service in compose["services"].values()
        if isinstance(service.get("build"), dict)
    }
    found = []
    for name in projects.ARCHITECTURES:
        for unit in table.units(name):
            if f'name="{unit.name}"' not in targets:
                found.append(f"{unit.name}: targets")
            if f"{unit.folder}/Dockerfile" not in built:
                found.append(f"{unit.name}: compose")
            if not (REPOSITORY / unit.folder / "Dockerfile").exists():
                found.append(f"{unit.name}: Dockerfile")
            if not (REPOSITORY / unit.folder / "deploy" / "aws.yaml").exists():
                found.append(f"{unit.name}: AWS template")
    return found


def test_every_unit_is_in_targets_compose_and_aws_and_a_new_one_is_missed(checkout: Path) -> None:
    assert missing(PROJECTS) == []
    with_billing = projects.read(checkout / ".ci" / "projects.toml")
    expected = ("targets", "compose", "Dockerfile", "AWS template")
    assert missing(with_billing) == [f"billing: {it}" for it in expected]


def test_every_project_of_the_repository_has_a_row() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "*/pyproject.toml"],
        check=True,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    folders = {str(Path(name).parent) for name in listed if name}
    assert folders == {project.folder for project in PROJECTS.projects.values()}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('[projects.x]\nfolder = "x"\nlocks = []\ncolour = "red"\n', "x: no such field: colour"),
        ('[projects.x]\nfolder = "x"\n', "x: .*locks"),
        (
            '[projects.x]\nfolder = "x"\nlocks = []\narchitecture = "mesh"\n',
            "x: architecture is 'mesh'",
        ),
        (
            '[projects.x]\nfolder = "x"\nlocks = []\ntests = { fast = true }\n',
            "x.tests: no such field: fast",
        ),
    ],
)
def test_a_wrong_row_is_a_sentence(tmp_path: Path, row: str, message: str) -> None:
    path = tmp_path / "projects.toml"
    path.write_text(f"{row}\n[checks]\n")
    with pytest.raises(projects.TableError, match=message):
        projects.read(path)
