"""A small repository: two components built twice, a wheel for both, and suites of a second each."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.experiments.catalogue.changes import Change
from benchmarks.experiments.catalogue.components import IMAGING
from benchmarks.experiments.catalogue.faults import NULL, Fault
from benchmarks.experiments.isolation.commands import Ended, Runner
from benchmarks.experiments.isolation.suite_runner import SuiteRunner
from benchmarks.experiments.isolation.suites import WHEEL, Suite
from benchmarks.experiments.runner.arms import MONOLITH, SERVICES
from benchmarks.targets.git import git
from benchmarks.tests.experiments.catalogue.diffing import edit

CODE = "# as simple as can be\ndef double(number):\n    return number * 2\n"
TESTS = """import pytest
from {package} import double

def test_double():
    assert double(2) == 4

def test_nothing():
    pass

@pytest.mark.slow
def test_double_slowly():
    assert double(1) == 2
"""
PROJECT = "[tool.pytest.ini_options]\npythonpath = ['.']\nmarkers = ['slow']\n"


def _suite(
    name: str, folder: str, *architectures: str, limit_seconds: float, sees: tuple[str, ...] = ()
) -> Suite:
    return Suite(
        name,
        folder,
        "here",
        architectures,
        (folder,),
        sees,
        selects=False,
        limit_seconds=limit_seconds,
    )


def suites(limit_seconds: float = 60.0) -> tuple[Suite, ...]:
    made = partial(_suite, limit_seconds=limit_seconds)
    return (
        made(MONOLITH, "monolith", MONOLITH, sees=WHEEL),
        made("accounts", "microservices/accounts", SERVICES),
        made("recognition", "microservices/recognition", SERVICES, sees=WHEEL),
        made(IMAGING, "shared/imaging", MONOLITH, SERVICES),
    )


def make_repository(folder: Path) -> str:
    """Write both components, in one project and in two; return the commit."""
    for component in ("accounts", "recognition"):
        service = folder / "microservices" / component
        (service / "tests").mkdir(parents=True)
        (service / f"{component}.py").write_text(CODE)
        (service / "pyproject.toml").write_text(PROJECT)
        (service / "tests" / "test_it.py").write_text(TESTS.format(package=component))
        app = folder / "monolith" / "tests" / component
        app.mkdir(parents=True)
        (app / f"test_{component}.py").write_text(TESTS.format(package=component))
        (folder / "monolith" / f"{component}.py").write_text(CODE)
    (folder / "monolith" / "pyproject.toml").write_text(PROJECT)
    wheel = folder / "shared" / "imaging"
    (wheel / "src" / "imaging").mkdir(parents=True)
    (wheel / "tests").mkdir()
    (wheel / "src" / "imaging" / "__init__.py").write_text(CODE)
    (wheel / "pyproject.toml").write_text(PROJECT)
    (wheel / "tests" / "__init__.py").write_text("")
    (wheel / "tests" / "test_it.py").write_text(TESTS.format(package="imaging"))
    for name in ("tests", "tests/accounts", "tests/recognition"):
        (folder / "monolith" / name / "__init__.py").write_text("")
    for component in ("accounts", "recognition"):
        (folder / "microservices" / component / "tests" / "__init__.py").write_text("")
    for command in (
        ("init", "--quiet"),
        ("config", "user.name", "author"),
        ("config", "user.email", "author@example.org"),
        ("add", "."),
        ("commit", "--quiet", "-m", "one"),
    ):
        git(*command, repository=folder)
    return git("rev-parse", "HEAD", repository=folder).strip()


DOES, SIMULATES, EQUIVALENCE = "Something else.", "A slip.", "The same line."


def wheel_fault(name: str, old: str, new: str, *, kind: str = "wrong") -> Fault:
    edits = (edit("shared/imaging/src/imaging/__init__.py", CODE, CODE.replace(old, new)),)
    units = {MONOLITH: (MONOLITH,), SERVICES: ("recognition",)}
    both = dict.fromkeys((MONOLITH, SERVICES), edits)
    return Fault(Change(name, DOES, IMAGING, SIMULATES, EQUIVALENCE, both, units), kind)


def fault(
    name: str,
    old: str,
    new: str,
    *,
    component: str = "accounts",
    kind: str = "wrong",
    code: str = CODE,
) -> Fault:
    """Make a fault of both sides; `code` is what its patches are made from."""
    files = {
        MONOLITH: f"monolith/{component}.py",
        SERVICES: f"microservices/{component}/{component}.py",
    }
    edits = {side: (edit(file, code, code.replace(old, new)),) for side, file in files.items()}
    units = {MONOLITH: (MONOLITH,), SERVICES: (component,)}
    return Fault(Change(name, DOES, component, SIMULATES, EQUIVALENCE, edits, units), kind)


NULL_FAULT = fault("accounts-null", "# as simple", "# As simple", kind=NULL)
WRONG = fault("accounts-wrong", "number * 2", "number * 3")
BROKEN = fault("accounts-broken", "def double", "import nowhere\ndef double")
HANGING = fault("accounts-hangs", "    return", "    while True: pass\n    return")


@dataclass
class CountingRunner(Runner):
    """Runs commands, and records their limits; `alter_report` may change a suite's report."""

    limits: list[float] = field(default_factory=list)
    alter_report: Callable[[Path], None] = field(default=lambda _report: None)

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def commands(self) -> int:
        return len(self.limits)

    def run(
        self,
        command: "list[str] | tuple[str, ...]",  # type: ignore[override]
        *,
        folder: Path,
        scratch: Path,
        environment: Mapping[str, str],
        limit_seconds: float,
    ) -> Ended:
        self.limits.append(limit_seconds)
        ended = super().run(
            command,
            folder=folder,
            scratch=scratch,
            environment=environment,
            limit_seconds=limit_seconds,
        )
        self.alter_report(Path(command[command.index("--junitxml") + 1]))
        return ended


def environments(folder: Path) -> dict[str, str]:
    """The environment that these tests run in, as the one of every suite."""
    folder.mkdir()
    (folder / "here").symlink_to(sys.prefix)
    return {**os.environ, "VENVS": str(folder)}


def make_suite_runner(
    tmp_path: Path, runner: Runner | None = None, *, limit_seconds: float = 60.0
) -> SuiteRunner:
    """Make a suite runner on the small repository, which is made if it isn't there."""
    repository = tmp_path / "repository"
    if not repository.exists():
        repository.mkdir()
        make_repository(repository)
    results = tmp_path / "results"
    results.mkdir(exist_ok=True)
    base = git("rev-parse", "HEAD", repository=repository).strip()
    return SuiteRunner(
        results,
        tmp_path / "work",
        base,
        runner or CountingRunner(),
        repository,
        suites(limit_seconds),
    )
