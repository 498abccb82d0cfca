"""The table of projects, `.ci/projects.toml`, as typed values.

The commands behind make read it (prepare, test, check, lock), and so does the isolation
experiment. Standard library only, since `.ci` reads it before any environment is made.
"""

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.repository import REPOSITORY

TABLE = REPOSITORY / ".ci" / "projects.toml"
MAIN, DEV, FUNCTION, OBSERVE, LOAD = "main", "dev", "function", "observe", "load"
ARCHITECTURES = ("monolith", "microservices")
# What a deployed target needs beside the environments of its units.
DEPLOYMENT = ("backing", "dynamodb", "bench")

_Row = TypeVar("_Row")


class TableError(ValueError):
    """The table of projects is wrong; the text names the row and the field."""


@dataclass(frozen=True)
class SuiteRow:
    """One suite of tests: a run of pytest with `arguments` in the project's folder.

    `environment` is where it runs if not where the project is checked; `environments` are further
    ones that have to be there. `deploys` names architectures whose environments it needs.
    `each` makes one suite of it for each architecture, with {architecture} replaced in the
    arguments; so does `deployed`, which also runs it against a freshly deployed target, where
    `recognition` chooses what makes the attempts (celery or lambda). Suites of one command that
    need the same target run one after the other on one.
    `after` names suites that must be done before. `slow` ones are run by `make test-slow`.
    `seconds` is about how long it takes by itself, and `cpu_seconds` how much of a core it uses
    in them (the default: all of one): long suites start first, and as many at once as leave each
    other enough. `time make test SUITES=name` measures both.
    """

    arguments: str = ""
    environment: str | None = None
    environments: tuple[str, ...] = ()
    deploys: tuple[str, ...] = ()
    each: tuple[str, ...] = ()
    deployed: tuple[str, ...] = ()
    recognition: str = "celery"
    after: tuple[str, ...] = ()
    limit_seconds: int = 600
    seconds: int = 60
    cpu_seconds: int | None = None
    slow: bool = False


@dataclass(frozen=True)
class CheckRow:
    """One check: a command in a folder, run by a program of one of the environments.

    `environments` are further ones that have to be there.
    """

    environment: str
    command: tuple[str, ...]
    folder: str = "."
    environments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Project:
    """One project: a folder with a pyproject.toml, its locks, environments, checks and suites.

    `locks` names lock files: "main" is requirements.txt, any other is a dependency group's
    requirements-GROUP.txt. Each lock has an environment: `environment` (the project's name if not
    given) for "main", `environment`-GROUP for a group. `wheel` adds the imaging wheel to "main"
    and "dev". The lock "function" has what a unit needs beside its own packages on AWS Lambda, and
    "observe" what it needs for traces and metrics.
    `checked_in` is the environment of its checks and suites (the one of "dev" if there
    is one). `types` are arguments of mypy; `python_path` is a folder for the import contracts;
    `caddyfile` is the folder of an edge's configuration. `architecture` is set for a unit that is
    deployed. `backing` names the backing services that its tests start.
    """

    name: str
    folder: str
    locks: tuple[str, ...]
    environment: str | None = None
    wheel: bool = False
    checked_in: str | None = None
    checks: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    python_path: str | None = None
    caddyfile: str | None = None
    architecture: str | None = None
    backing: tuple[str, ...] = ()
    tests: SuiteRow | None = None
    suites: dict[str, SuiteRow] = field(default_factory=dict)

    def environment_of(self, lock: str) -> str:
        """Return the name of the environment that is made from one of the locks."""
        prefix = self.name if self.environment is None else self.environment
        return prefix if lock == MAIN else f"{prefix}-{lock}".lstrip("-")

    @property
    def environment_for_checks(self) -> str:
        """Return the name of the environment in which the project is checked and tested."""
        return self.checked_in or self.environment_of(DEV if DEV in self.locks else MAIN)


@dataclass(frozen=True)
class Table:
    """All rows: the projects in their order, and the checks of the whole repository."""

    projects: dict[str, Project]
    checks: dict[str, CheckRow]

    def units(self, architecture: str) -> list[Project]:
        """Return the projects that are deployed as an architecture."""
        return [row for row in self.projects.values() if row.architecture == architecture]

    def deployment(self, *architectures: str) -> list[str]:
        """Return the environments that deployed targets of these architectures need."""
        units = [unit for name in architectures for unit in self.units(name)]
        return [*DEPLOYMENT, *(unit.environment_of(MAIN) for unit in units)]

    def functions(self, *architectures: str) -> list[str]:
        """Return the environments that units of these architectures need to run as functions."""
        units = [unit for name in architectures for unit in self.units(name)]
        return [unit.environment_of(FUNCTION) for unit in units if FUNCTION in unit.locks]

    def observed(self, *architectures: str) -> list[str]:
        """Return the environments that units of these architectures need to be observed."""
        units = [unit for name in architectures for unit in self.units(name)]
        return [unit.environment_of(OBSERVE) for unit in units if OBSERVE in unit.locks]


def read(path: Path = TABLE) -> Table:
    """Read a table of projects. Raises TableError where a row or a field is wrong."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    projects = {name: _project(name, row) for name, row in document["projects"].items()}
    checks = {name: _typed(CheckRow, name, row) for name, row in document["checks"].items()}
    return Table(projects, checks)


def _project(name: str, row: dict[str, Any]) -> Project:
    suites = {
        suite: _typed(SuiteRow, f"{name}.suites.{suite}", content)
        for suite, content in row.pop("suites", {}).items()
    }
    tests = row.pop("tests", None)
    own = None if tests is None else _typed(SuiteRow, f"{name}.tests", tests)
    project = _typed(Project, name, {**row, "name": name, "tests": own, "suites": suites})
    if project.architecture not in {None, *ARCHITECTURES}:
        message = f"{name}: architecture is {project.architecture!r}, not one of {ARCHITECTURES}"
        raise TableError(message)
    return project


def _typed(kind: type[_Row], name: str, row: dict[str, Any]) -> _Row:
    unknown = sorted(set(row) - {known.name for known in fields(kind)})  # type: ignore[arg-type]
    if unknown:
        message = f"{name}: no such field: {', '.join(unknown)}"
        raise TableError(message)
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    try:
        return kind(**values)
    except TypeError as error:
        message = f"{name}: {error}"
        raise TableError(message) from error


PROJECTS = read()
