"""`python -m backing run [SERVICE…] -- COMMAND…`: run a command with backing services.

The services start with empty stores, their settings are in the command's environment (DATABASE_URL,
BROKER_URL, CACHE_URL, AWS_…), and they end with it. The exit status is the command's. Without
names all services are started but those on demand (lambda).
"""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import FrameType

from backing.errors import BackingError
from backing.processes import Supervisor
from backing.services import ON_DEMAND, SERVICE_NAMES, Backing
from process_control.parent_death import die_with_parent


def main(arguments: list[str]) -> int:
    """Start the services, run the command, stop the services; return the exit status."""
    if not arguments or arguments[0] != "run" or "--" not in arguments:
        print(__doc__, file=sys.stderr)
        return 2
    split = arguments.index("--")
    services, command = tuple(arguments[1:split]) or SERVICE_NAMES, arguments[split + 1 :]
    known = (*SERVICE_NAMES, *ON_DEMAND)
    if not command or set(services) - set(known):
        print(f"{__doc__}\nServices: {', '.join(known)}", file=sys.stderr)
        return 2
    die_with_parent()
    signal.signal(signal.SIGTERM, _interrupt)
    with tempfile.TemporaryDirectory(prefix="backing-") as folder:
        try:
            return _run(services, command, Path(folder))
        except KeyboardInterrupt:
            return 130
        except BackingError as error:
            print(error, file=sys.stderr)
            return 1


def _run(services: tuple[str, ...], command: list[str], folder: Path) -> int:
    with Supervisor(folder) as supervisor:
        backing = Backing.start(supervisor, services=services)
        try:
            environment = {**os.environ, **backing.environment(), supervisor.mark: "1"}
            return subprocess.run(command, check=False, env=environment).returncode
        finally:
            backing.remove_leftovers()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
