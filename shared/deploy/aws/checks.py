"""Check templates with AWS's own linters and with checkov; no request leaves this machine.

`cfn-lint` compares resources with CloudFormation's schemas. `sam validate` expands the SAM
resources, in the templates that have any, as AWS does and lints the outcome. `checkov` looks for
what isn't safe: each finding is an error unless `checkov_exceptions.toml` has it with a reason, and
so is an exception that no finding needs any more.
"""

import re
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

_NO_REGION = "are unsupported. Supported regions are"
_NO_TYPE = re.compile(r"E3006:Resource type '([^']+)' does not exist in")
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


def check(
    templates: Mapping[str, Path], exceptions: Exceptions, *, region: str = REGION
) -> list[Outcome]:
    """Run every check of these templates, two at a time. Raises MissingEnvironment.

    `region` is where they will be deployed. Stale exceptions are problems only where all templates
    that they name are checked.
    """
    paths = list(templates.values())
    jobs: list[tuple[str, Callable[[], Sequence[str]]]] = [
        ("checkov", partial(_checkov, paths, exceptions)),
        ("cfn-lint", partial(_cfn_lint, paths, region)),
        *(
            (f"sam validate {name}", partial(_sam_validate, path, region))
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


def _cfn_lint(paths: Sequence[Path], region: str = REGION) -> list[str]:
    options = ("--format", "parseable", "--regions", region, "--")
    done = tools.run([program("deploy-sam", "cfn-lint"), *options, *paths])
    return [] if done.returncode == 0 else _regional(tools.lines(done), region)


def _regional(lines: Sequence[str], region: str) -> list[str]:
    """Return what cfn-lint printed, with one sentence for all that the region lacks."""
    if any(_NO_REGION in line for line in lines):
        return [f"AWS has no region {region} that cfn-lint knows: name one like REGION={REGION}."]
    missing = sorted({found[1] for line in lines if (found := _NO_TYPE.search(line))})
    rest = [line for line in lines if not _NO_TYPE.search(line)]
    if not missing:
        return rest
    return [f"The region {region} lacks {', '.join(missing)}: choose another.", *rest]


def _sam_validate(path: Path, region: str = REGION) -> list[str]:
    options = ("validate", "--lint", "--region", region, "--template-file")
    done = tools.run([program("deploy-sam", "sam"), *options, path])
    return [] if done.returncode == 0 else tools.lines(done)


def _checkov(paths: Sequence[Path], exceptions: Exceptions) -> list[str]:
    try:
        return exceptions.problems(tools.checkov("cloudformation", paths))
    except tools.NoReport as error:
        return str(error).splitlines()
