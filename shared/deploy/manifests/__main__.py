"""`make kubernetes-check` and `make kubernetes-secrets`: `python -m manifests check|secrets`."""

import argparse
import sys

import yaml
from aws.exceptions import ExceptionsError
from aws.paths import MissingEnvironment

from manifests import checks, secrets
from manifests.render import ARCHITECTURES, MissingKubectl, RenderError


def main(arguments: list[str]) -> int:
    """Run one of the commands; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m manifests", description="Kubernetes manifests")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="render and validate every overlay, scan for risks")
    check.add_argument("--quick", action="store_true", help="leave checkov out")
    made = commands.add_parser("secrets", help="print new secrets for the local overlays")
    made.add_argument("architectures", nargs="+", choices=ARCHITECTURES)
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "check":
            return run_checks(whole=not chosen.quick)
        manifests = [it for name in chosen.architectures for it in secrets.local(name)]
        print(yaml.safe_dump_all(manifests, sort_keys=False), end="")
    except (ExceptionsError, MissingEnvironment, MissingKubectl, RenderError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def run_checks(*, whole: bool) -> int:
    """Check every overlay; print a line for each check, and what it found."""
    outcomes = checks.check(whole=whole)
    for outcome in outcomes:
        verdict = "ok" if outcome.green else "FAILED"
        print(f"  {outcome.name:36} {verdict:8} {outcome.seconds:5.1f} s", flush=True)
        for problem in outcome.problems:
            print(f"    | {problem}", flush=True)
    failed = [it.name for it in outcomes if not it.green]
    if failed:
        print(f"{len(failed)} of {len(outcomes)} checks failed: {', '.join(failed)}.")
        return 1
    print(f"All {len(outcomes)} checks of the Kubernetes manifests passed.")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
