"""Run a linter or a scanner with nothing of the user's: no credentials, no settings."""

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aws.exceptions import Finding
from aws.paths import REPOSITORY, program
from aws.templates import REGION

_TIMEOUT_SECONDS = 600


class NoReport(Exception):
    """Checkov couldn't read what it had to check; the text is what it printed."""


def run(command: Sequence[str | Path]) -> "subprocess.CompletedProcess[str]":
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


def lines(done: "subprocess.CompletedProcess[str]") -> list[str]:
    """Return what a tool printed, or its exit status if it printed nothing."""
    text = f"{done.stdout}\n{done.stderr}".strip()
    return text.splitlines() or [f"exit status {done.returncode}"]


def checkov(framework: str, paths: Sequence[Path]) -> list[Finding]:
    """Return checkov's findings in files of one framework. Raises NoReport, MissingEnvironment."""
    command: list[str | Path] = [program("deploy-checkov", "checkov")]
    command += ["--framework", framework, "--output", "json", "--quiet", "--compact"]
    command += ["--skip-download"]
    for path in paths:
        command += ["--file", path]
    done = run(command)
    try:
        report = json.loads(done.stdout)
    except json.JSONDecodeError as error:
        raise NoReport("\n".join(["checkov gave no report:", *lines(done)])) from error
    reports = report if isinstance(report, list) else [report]
    unread = sum(it["summary"]["parsing_errors"] for it in reports if "summary" in it)
    if unread or not any(it.get("summary", {}).get("resource_count") for it in reports):
        wrong = f"checkov couldn't read {unread or 'any'} of the files:"
        raise NoReport("\n".join([wrong, *lines(done)[-5:]]))
    return _findings(reports)


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
