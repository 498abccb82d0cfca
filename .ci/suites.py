"""The suites of the repository as commands, from the table of projects; long ones come first.

`make test` runs all but the slow ones, which deploy targets and break them, run whole comparisons
or simulate for long: `make test-slow` runs those.
"""

from dataclasses import dataclass

from repository import PROJECTS, Project, SuiteRow, Table

PYTEST = 'python -m pytest -q -p no:cacheprovider --junitxml "$JUNIT_XML"'
# A freshly deployed target for the length of one command.
ON_TARGET = 'env PYTHONPATH="$ROOT" "$ROOT"/.venvs/bench-dev/bin/python -m benchmarks run'


@dataclass(frozen=True)
class Suite:
    """One command that writes a JUnit report to $JUNIT_XML; see `SuiteRow` for the fields."""

    name: str
    environment: str
    folder: str
    command: str = PYTEST
    more: tuple[str, ...] = ()
    limit_seconds: int = 600
    after: tuple[str, ...] = ()
    waits: bool = False
    slow: bool = False
    seconds: int = 60

    @property
    def environments(self) -> tuple[str, ...]:
        """All environments that must be there."""
        return (self.environment, *self.more)


def suites_of(table: Table) -> list[Suite]:
    """Return the suites of all projects, the longest first."""
    found: list[Suite] = []
    for project in table.projects.values():
        rows = {project.name: project.tests} if project.tests is not None else {}
        for name, row in {**rows, **project.suites}.items():
            found += _suites(table, project, name, row)
    return sorted(found, key=lambda suite: -suite.seconds)


def _suites(table: Table, project: Project, name: str, row: SuiteRow) -> list[Suite]:
    architectures = row.deployed or row.each
    if not architectures:
        command = f"{PYTEST} {row.arguments}".rstrip()
        return [_suite(table, project, name, row, command=command, deploys=row.deploys)]
    return [
        _suite(
            table,
            project,
            f"{name}-{architecture}",
            row,
            command=_command(row, architecture),
            deploys=(architecture,),
        )
        for architecture in architectures
    ]


def _command(row: SuiteRow, architecture: str) -> str:
    tests = f"{PYTEST} {row.arguments.replace('{architecture}', architecture)}"
    if not row.deployed:
        return tests
    target = f"{ON_TARGET} {architecture} --recognition {row.recognition}"
    # A shell of its own, which sees what the target put into the environment.
    return f"{target} -- sh -c 'unset PYTHONPATH; exec {tests}'"


def _suite(
    table: Table,
    project: Project,
    name: str,
    row: SuiteRow,
    *,
    command: str,
    deploys: tuple[str, ...],
) -> Suite:
    more = [*row.environments]
    if deploys:
        more += ["bench-dev", *table.deployment(*deploys)]
    return Suite(
        name,
        row.environment or project.environment_for_checks,
        project.folder,
        command,
        tuple(more),
        row.limit_seconds,
        row.after,
        row.waits,
        row.slow,
        row.seconds,
    )


SUITES = suites_of(PROJECTS)
