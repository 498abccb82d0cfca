"""Check templates with AWS's own linters and with checkov; no request leaves this machine.

`cfn-lint` compares resources with CloudFormation's schemas. `sam validate` expands the SAM
resources, in the templates that have any, as AWS does and lints the outcome. `checkov` looks for
what isn't safe: each finding is an error unless `checkov_exceptions.toml` has it with a reason, and
so is an exception that no finding needs any more.
"""

import json
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from aws.exceptions import Exceptions, Finding
from aws.paths import REPOSITORY, program
from aws.templates import REGION

_TIMEOUT_SECONDS = 600
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
    done = _run([program("deploy-sam", "cfn-lint"), *options, *paths])
    return [] if done.returncode == 0 else _regional(_lines(done), region)


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
    done = _run([program("deploy-sam", "sam"), *options, path])
    return [] if done.returncode == 0 else _lines(done)


def _checkov(paths: Sequence[Path], exceptions: Exceptions) -> list[str]:
    command: list[str | Path] = [program("deploy-checkov", "checkov")]
    command += ["--framework", "cloudformation", "--output", "json", "--quiet", "--compact"]
    command += ["--skip-download"]
    for path in paths:
        command += ["--file", path]
    done = _run(command)
    try:
        report = json.loads(done.stdout)
    except json.JSONDecodeError:
        return ["checkov gave no report:", *_lines(done)]
    reports = report if isinstance(report, list) else [report]
    unread = sum(it["summary"]["parsing_errors"] for it in reports if "summary" in it)
    if unread or not any(it.get("summary", {}).get("resource_count") for it in reports):
        return [f"checkov couldn't read {unread or 'any'} of the templates:", *_lines(done)[-5:]]
    return exceptions.problems(_findings(reports))


def _findings(reports: Sequence[dict[str, Any]]) -> list[Finding]:
    return [
        Finding(
            check=failed["check_id"],
            template=_template(failed["file_abs_path"]),
            resource=failed["resource"],
            title=failed["check_name"],
        )
        for it in reports
        for failed in it["results"]["failed_checks"]
    ]


def _template(path: str) -> str:
    found = Path(path)
    return str(found.relative_to(REPOSITORY)) if found.is_relative_to(REPOSITORY) else found.name


def _run(command: Sequence[str | Path]) -> "subprocess.CompletedProcess[str]":
    """Run a tool with no credentials, no settings of the user, and nothing to send."""
    with tempfile.TemporaryDirectory(prefix="flow-aws-") as home:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "HOME": home,
            "SAM_CLI_TELEMETRY": "0",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "none",
            "AWS_SECRET_ACCESS_KEY": "none",
            "LOG_LEVEL": "ERROR",
        }
        return subprocess.run(
            [str(word) for word in command],
            check=False,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            env=environment,
            cwd=REPOSITORY,
            timeout=_TIMEOUT_SECONDS,
        )


def _lines(done: "subprocess.CompletedProcess[str]") -> list[str]:
    text = f"{done.stdout}\n{done.stderr}".strip()
    return text.splitlines() or [f"exit status {done.returncode}"]
