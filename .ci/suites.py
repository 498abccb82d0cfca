"""The suites of the repository as commands, from the table of projects; long ones come first.

`make test` runs all but the slow ones, which deploy targets and break them, run whole comparisons
or simulate for long: `make test-slow` runs those.
"""

from dataclasses import dataclass

from repository import PROJECTS, Project, SuiteRow, Table

PYTEST = 'python -m pytest -q -p no:cacheprovider --junitxml "$JUNIT_XML"'


@dataclass(frozen=True)
class TargetKind:
    """What a suite's target is: an architecture, and what makes its attempts."""

    architecture: str
    recognition: str


@dataclass(frozen=True)
class Suite:
    """One command that writes a JUnit report to $JUNIT_XML; see `SuiteRow` for the fields.

    With a `target` it runs against one that is deployed, and finds it by its environment.
    """

    name: str
    environment: str
    folder: str
    command: str = PYTEST
    more: tuple[str, ...] = ()
    limit_seconds: int = 600
    after: tuple[str, ...] = ()
    slow: bool = False
    seconds: float = 60
    cpu_seconds: float = 60
    target: TargetKind | None = None

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
            command=f"{PYTEST} {row.arguments.replace('{architecture}', architecture)}".rstrip(),
            deploys=(architecture,),
            target=TargetKind(architecture, row.recognition) if row.deployed else None,
        )
        for architecture in architectures
    ]


def _suite(
    table: Table,
    project: Project,
    name: str,
    row: SuiteRow,
    *,
    command: str,
    deploys: tuple[str, ...],
    target: TargetKind | None = None,
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
        row.slow,
        row.seconds,
        row.seconds if row.cpu_seconds is None else row.cpu_seconds,
        target,
    )


SUITES = suites_of(PROJECTS)
