"""Deploy an architecture on a free port for the length of one command."""

import argparse
import os
import shutil
import subprocess
import sys

from backing.ports import free_ports
from benchmarks.command_line import MISUSED, end_with_parent
from benchmarks.commands.architecture_arguments import (
    ERRORS,
    INTERRUPTED,
    RUN,
    add_recognition,
    architecture,
    with_disk_errors,
)
from benchmarks.targets.local.deployment import deploy
from process_control.descendants import end_descendants
from process_control.parent_death import adopt_orphans

__all__ = ["ERRORS", "INTERRUPTED", "configure", "run"]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the architecture; the command follows `--`."""
    parser.usage = "python -m benchmarks run ARCHITECTURE -- COMMAND…"
    parser.epilog = (
        "The command gets ARCH, BASE_URL, IMAGE_SERVER (the conformance suite's image server, "
        "from which the target may fetch) and the stores' settings in its environment. "
        "The exit status is the command's. What the command leaves running is killed."
    )
    parser.add_argument("architecture", type=architecture, metavar="ARCHITECTURE")
    add_recognition(parser)


def run(options: argparse.Namespace) -> int:
    """Deploy, run the command against the target, stop the target; return the command's status."""
    if not options.command:
        print("Name a command: python -m benchmarks run ARCHITECTURE -- COMMAND…", file=sys.stderr)
        return MISUSED
    return with_disk_errors(
        lambda: _run(options.architecture, options.recognition, options.command)
    )


def _run(name: str, recognition: str, command: list[str]) -> int:
    end_with_parent()
    adopt_orphans()
    try:
        return _deployed(name, recognition, command)
    finally:
        # A signal that comes while a shell starts a program can miss the program.
        end_descendants()


def _deployed(name: str, recognition: str, command: list[str]) -> int:
    edge_port, image_port = free_ports(2)
    run_dir = RUN / f"run-{name}-{os.getpid()}"
    settings = {"IMAGE_FETCH_ALLOW": f"127.0.0.1:{image_port}", "RECOGNITION": recognition}
    with deploy(name, run_dir=run_dir, edge_port=edge_port, settings=settings) as target:
        target.start_image_server(image_port)
        environment = {
            **os.environ,
            **target.store_environment(),
            "ARCH": name,
            "BASE_URL": target.base_url,
            "IMAGE_SERVER": f"http://127.0.0.1:{image_port}",
        }
        status = subprocess.run(command, check=False, env=environment).returncode
    if status == 0:
        shutil.rmtree(run_dir)
    else:
        print(f"The logs of the {name} are in {run_dir / 'logs'}.", file=sys.stderr)
    return status
