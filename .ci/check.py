"""`make check`: run every check that needs no running product; print one line for each."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import bytecode
from checks import CHECKS, Check

from repository import REPOSITORY, VENVS

AT_ONCE = 2
NOT_DONE = 75  # the status of a check whose data source can't be reached; see audit.py


def run(check: Check) -> tuple[int, str, float]:
    """Run one check; return its exit status, its output, and the seconds it took."""
    started = time.monotonic()
    binaries = VENVS / check.environment / "bin"
    command = [str(binaries / check.command[0]), *check.command[1:]]
    environment = {
        **bytecode.kept(os.environ),
        "PATH": f"{binaries}:{os.environ['PATH']}",
        **check.settings,
    }
    done = subprocess.run(
        command,
        check=False,
        cwd=REPOSITORY / check.folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout, time.monotonic() - started


def main() -> int:
    """Prepare the environments and run all checks, two at a time; return the exit status.

    `--list` prints the checks instead: name, environment and folder.
    """
    if sys.argv[1:] == ["--list"]:
        for check in CHECKS:
            print(f"{check.name:24} {check.environment:18} {check.folder}")
        return 0
    environments = sorted(
        {it for check in CHECKS for it in (check.environment, *check.environments)}
    )
    prepare = [sys.executable, str(REPOSITORY / ".ci" / "prepare.py"), *environments]
    if subprocess.run(prepare, check=False).returncode != 0:
        return 1
    failed, skipped = [], []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for check, (status, output, seconds) in zip(CHECKS, pool.map(run, CHECKS), strict=True):
            verdict = {0: "ok", NOT_DONE: "NOT DONE"}.get(status, "FAILED")
            print(f"  {check.name:24} {verdict:8} {seconds:5.1f} s", flush=True)
            if status == NOT_DONE:
                skipped.append(check.name)
            elif status != 0:
                failed.append(check.name)
            if status != 0:
                print("\n".join(f"    | {line}" for line in output.splitlines()[-40:]), flush=True)
    if failed:
        print(f"{len(failed)} of {len(CHECKS)} checks failed: {', '.join(failed)}.")
        return 1
    if skipped:
        print(f"{len(CHECKS) - len(skipped)} checks passed; NOT DONE: {', '.join(skipped)}.")
    else:
        print(f"All {len(CHECKS)} checks passed.")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
