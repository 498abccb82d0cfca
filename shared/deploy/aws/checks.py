"""Check templates with AWS's own linters and with checkov; no request leaves this machine.

`cfn-lint` compares resources with CloudFormation's schemas. `sam validate` expands the SAM
resources, in the templates that have any, as AWS does and lints the outcome. `checkov` looks for
what isn't safe: each finding is an error unless `checkov_exceptions.toml` has it with a reason, and
so is an exception that no finding needs any more.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from aws import tools
from aws.exceptions import Exceptions
from aws.paths import program
from aws.templates import REGION

AT_ONCE = 2


@dataclass(frozen=True)
class Outcome:
    """What one check of one or more templates found: nothing, if it is green."""

    name: str
    problems: tuple[str, ...]
    seconds: float

    @property
    def green(self) -> bool:
        """Return whether there is no problem."""
        return not self.problems


def check(templates: Mapping[str, Path], exceptions: Exceptions) -> list[Outcome]:
    """Run every check of these templates, two at a time. Raises MissingEnvironment.

    Stale exceptions are problems only where all templates that they name are checked.
    """
    paths = list(templates.values())
    jobs: list[tuple[str, Callable[[], Sequence[str]]]] = [
        ("checkov", partial(_checkov, paths, exceptions)),
        ("cfn-lint", partial(_cfn_lint, paths)),
        *(
            (f"sam validate {name}", partial(_sam_validate, path))
            for name, path in templates.items()
            if "\nTransform: AWS::Serverless" in path.read_text(encoding="utf-8")
        ),
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda job: _timed(*job), jobs))


def _timed(name: str, run: Callable[[], Sequence[str]]) -> Outcome:
    started = time.monotonic()
    problems = tuple(run())
    return Outcome(name, problems, time.monotonic() - started)


def _cfn_lint(paths: Sequence[Path]) -> list[str]:
    options = ("--format", "parseable", "--regions", REGION, "--")
    done = tools.run([program("deploy-sam", "cfn-lint"), *options, *paths])
    return [] if done.returncode == 0 else tools.lines(done)


def _sam_validate(path: Path) -> list[str]:
    options = ("validate", "--lint", "--region", REGION, "--template-file")
    done = tools.run([program("deploy-sam", "sam"), *options, path])
    return [] if done.returncode == 0 else tools.lines(done)


def _checkov(paths: Sequence[Path], exceptions: Exceptions) -> list[str]:
    try:
        return exceptions.problems(tools.checkov("cloudformation", paths))
    except tools.NoReport as error:
        return str(error).splitlines()
