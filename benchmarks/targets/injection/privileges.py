"""System commands for faults that need root, and the error where they aren't allowed."""

import os
import subprocess


class Unprivileged(Exception):
    """This machine or account doesn't allow the fault; the text is the reason."""


def require_root(what: str) -> None:
    """Raise Unprivileged if this process isn't root; `what` begins the message."""
    if os.geteuid() != 0:
        message = f"{what} needs root"
        raise Unprivileged(message)


def run(*command: str) -> None:
    """Run a system command. Unprivileged with its message if it fails or doesn't exist."""
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=20)
    except OSError as error:
        raise Unprivileged(str(error)) from error
    if done.returncode != 0:
        message = f"{' '.join(command)}: {done.stderr.strip() or done.returncode}"
        raise Unprivileged(message)
