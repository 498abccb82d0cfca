"""Run a unit's own checks in its folder, with a minimal environment."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

PASSED_ON = ("HOME", "LANG", "PATH")


def run_in(
    folder: Path, command: Sequence[str], *, seconds: float, settings: Mapping[str, str]
) -> tuple[int | None, str]:
    """Run a command; return exit status and output. After `seconds` it is killed: status None."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**kept, "PYTHONDONTWRITEBYTECODE": "1", **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=seconds)
    except BaseException as error:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if isinstance(error, subprocess.TimeoutExpired):
            return None, ""
        raise
    return process.returncode, output
