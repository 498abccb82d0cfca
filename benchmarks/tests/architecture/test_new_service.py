"""Adding a service: its folder, its row, its target entry, compose; followed for a throw-away one.

The steps are those of CONTRIBUTING.md, in a copy of the repository. What the commands report is
read from that copy; nothing is installed and nothing is deployed.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.targets.architectures import REPOSITORY
from benchmarks.targets.git import git

SERVICE = "microservices/billing"
FILES = {
    "README.md": "# billing\n",
    "CHANGELOG.md": "# Changelog\n",
    "Procfile": "release: python -m billing.prepare\nweb: python -m billing\n",
    "Dockerfile": "FROM scratch\n",
    "pyproject.toml": '[project]\nname = "billing"\nversion = "0.1.0"\ndependencies = []\n',
    "requirements.txt": "",
    "requirements-dev.txt": "",
    "billing/__init__.py": '"""Billing."""\n',
    "billing/errors.py": '"""Its errors."""\n',
    "tests/test_billing.py": "def test_billing() -> None:\n    assert True\n",
    "tests/contracts/errors.yaml": "{}\n",
}
ROW = """
[projects.billing]
folder = "microservices/billing"
architecture = "microservices"
locks = ["main", "dev"]
checks = ["types"]
backing = ["PostgreSQL"]
tests = { seconds = 5 }
"""
ENTRY = """\
            Unit(
                name="billing",
                folder=_SERVICES / "billing",
                needs=frozenset({"postgres", "broker"}),
                upstreams="BILLING_UPSTREAMS",
            ),
"""
COMPOSE = """\
  billing-web:
    build:
      context: .
      dockerfile: microservices/billing/Dockerfile
    profiles: ["microservices", "both"]
    command: ["web"]

"""
# Prints what the targets and the experiments know of the units, as JSON.
PROGRAM = """
import json
from pathlib import Path

from benchmarks.experiments.catalogue.sides import UNITS
from benchmarks.experiments.isolation.copies import lay_out
from benchmarks.experiments.isolation.revisions import Revisions
from benchmarks.experiments.isolation.suites import SUITES
from benchmarks.targets import ARCHITECTURES, uniform_replicas
from benchmarks.targets.releases.artifacts import recipe

target = ARCHITECTURES["microservices"]
revisions = Revisions(Path.cwd(), "HEAD~1")
print(json.dumps({
    "units": [unit.name for unit in target.units],
    "processes": uniform_replicas("microservices", 1),
    "released": list(UNITS["microservices"]),
    "paths": [str(path) for path in recipe(target, "billing").paths],
    "suites": {suite.name: suite.architectures for suite in SUITES},
    "reached": [suite.name for suite in SUITES if revisions.is_reached(suite, "HEAD")],
    "laid_out": sorted(
        path.name
        for suite in SUITES
        if suite.name == "billing"
        for path in lay_out(suite, "HEAD", Path("laid-out"), repository=Path.cwd()).iterdir()
    ),
}))
"""


def insert(path: Path, text: str, *, before: str) -> None:
    """Insert a text into a file before the only place that has another one."""
    content = path.read_text()
    assert content.count(before) == 1, f"{path} has {before!r} not once"
    path.write_text(content.replace(before, text + before))


def run(folder: Path, *arguments: str) -> str:
    """Run a Python command in the copy; return its output."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={
            **{name: value for name, value in os.environ.items() if name != "STARTED_BY"},
            "PYTHONPATH": os.pathsep.join((str(folder), str(folder / "shared" / "backing"))),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def commit_all(folder: Path) -> None:
    git("add", "--all", "--force", ".", repository=folder)
    identity = ("-c", "user.name=author", "-c", "user.email=author@example.org")
    git(*identity, "commit", "--quiet", "-m", "A change", repository=folder)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with the service, and one further commit that changes it."""
    copy = tmp_path_factory.mktemp("repository")
    listed = git("ls-files", "-z", "--", ":!benchmarks/results", repository=REPOSITORY)
    for name in filter(None, listed.split("\0")):
        if (REPOSITORY / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(REPOSITORY / name, copy / name)
    # Its folder
    for name, text in FILES.items():
        (copy / SERVICE / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / SERVICE / name).write_text(text)
    # Its row
    insert(copy / ".ci" / "projects.toml", ROW, before="\n[projects.edge]\n")
    # Its entry in the targets
    targets = copy / "benchmarks" / "targets" / "architectures.py"
    insert(targets, ENTRY, before='        ),\n        edge_folder=_SERVICES / "edge",\n')
    # Its processes in compose
    insert(copy / "docker-compose.yml", COMPOSE, before="  microservices-edge:\n")
    git("init", "--quiet", repository=copy)
    commit_all(copy)
    (copy / SERVICE / "billing" / "__init__.py").write_text('"""Billing of accounts."""\n')
    commit_all(copy)
    return copy


@pytest.fixture(scope="module")
def known(repository: Path) -> Any:
    return json.loads(run(repository, "-c", PROGRAM))


@pytest.mark.parametrize(
    ("command", "listed"),
    [
        ("prepare.py", "billing-dev"),
        ("test.py", "billing"),
        ("check.py", "types billing"),
    ],
)
def test_the_commands_list_it(repository: Path, command: str, listed: str) -> None:
    lines = run(repository, f".ci/{command}", "--list").splitlines()
    assert any(line.startswith(f"{listed} ") and SERVICE in line for line in lines)


def test_the_targets_deploy_and_release_it(known: Any) -> None:
    assert "billing" in known["units"]
    assert known["processes"]["billing-web"] == 1
    assert "billing" in known["released"]
    assert SERVICE in known["paths"]


def test_the_isolation_experiment_runs_its_suite(known: Any) -> None:
    assert known["suites"]["billing"] == ["microservices"]
    assert set(known["laid_out"]) >= {"billing", "tests", "pyproject.toml"}
    assert known["reached"] == ["billing"], "a change of it reaches no other suite"


def test_compose_builds_it_with_the_other_services(repository: Path) -> None:
    document = yaml.safe_load((repository / "docker-compose.yml").read_text())
    service = document["services"]["billing-web"]
    assert (repository / service["build"]["dockerfile"]).is_file()
    assert service["profiles"] == document["services"]["accounts-web"]["profiles"]
