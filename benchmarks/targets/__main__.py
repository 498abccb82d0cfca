"""What `make up` and its companions call.

`python -m benchmarks.targets up|down|logs|status [ARCHITECTURE…]`: `up` deploys on the fixed ports
and leaves the target running; the others find it by the state file in `.run/<architecture>/`.

`python -m benchmarks.targets run ARCHITECTURE -- COMMAND…`: deploys on a free port for the length
of one command, which gets ARCH, BASE_URL, IMAGE_SERVER (the conformance suite's server of images,
from which the target may fetch) and the stores' settings in its environment. The exit status is
the command's.
"""

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from types import FrameType

from backing import BackingError
from backing.lifetime import die_with_parent
from backing.ports import free_ports
from backing.state import RunState, end_run, read_state
from benchmarks.ports import PortError
from benchmarks.targets.architectures import ARCHITECTURES, REPOSITORY
from benchmarks.targets.local.command_lock import only_one
from benchmarks.targets.local.deployment import deploy
from benchmarks.targets.local.placement import Placement
from benchmarks.targets.local.startup_message import create_sample_account, startup_message
from benchmarks.targets.local.target import Target

RUN = REPOSITORY / ".run"
# What a person can mend: a full disk, a quota, a checkout that is read-only or another user's
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)


def main(arguments: list[str]) -> int:
    """Carry out one command; the exit status is 1 when it could not be."""
    if arguments[:1] == ["run"]:
        return _guarded(lambda: run(arguments[1:]))
    commands: dict[str, Callable[[list[str]], int]] = {
        "up": up,
        "down": down,
        "logs": logs,
        "status": status,
    }
    command, architectures = (arguments[:1] or [""])[0], arguments[1:] or list(ARCHITECTURES)
    if command not in commands or set(architectures) - set(ARCHITECTURES):
        print(f"{__doc__}\nArchitectures: {', '.join(ARCHITECTURES)}", file=sys.stderr)
        return 2
    return _guarded(lambda: commands[command](architectures))


def _guarded(command: Callable[[], int]) -> int:
    try:
        status = command()
        sys.stdout.flush()
    except (BackingError, PortError) as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # as in `make status | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.errno not in _DISK:
            raise
        print(f"{error.filename or RUN} can't be written: {error.strerror}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; what this command started has ended.", file=sys.stderr)
        return 130
    return status


def up(architectures: list[str]) -> int:
    """Deploy those that aren't up; print addresses, a sample account and a line to paste.

    Another `up` or `down` of the same waits until this one is done.
    """
    die_with_parent()
    signal.signal(signal.SIGTERM, _interrupt)
    with ExitStack() as locks:
        for name in architectures:
            locks.enter_context(_alone(name))
        return _up(architectures)


def _up(architectures: list[str]) -> int:
    started: list[Target] = []
    try:
        for name in architectures:
            state = read_state(RUN / name)
            if state is not None and state.alive and "email" not in state.facts:
                end_run(state)  # the remains of a start that was cut off
                state = None
            if state is None or not state.alive:
                print(f"{name}: starting …", flush=True)
                started.append(deploy(name, run_dir=RUN / name))
                _add_sample_account(started[-1])
            elif dead := [recorded.name for recorded in state.processes if not recorded.alive]:
                message = f"{name}: up, but {', '.join(dead)} ended: see {RUN / name}/logs, "
                raise BackingError(message + "then make down and make up.")
            else:
                print(f"{name}: up already.")
    except BaseException:
        for target in started:
            target.stop()
        raise
    for target in started:
        target.detach()
    for name in architectures:
        found = read_state(RUN / name)
        if found is not None:
            print(startup_message(found))
    return 0


def _add_sample_account(target: Target) -> None:
    email, password = create_sample_account(target.base_url)
    target.supervisor.facts |= {"email": email, "password": password}
    target.supervisor.save()


def down(architectures: list[str]) -> int:
    """End what is up."""
    for name in architectures:
        with _alone(name):
            state = read_state(RUN / name)
            if state is None:
                print(f"{name}: not up.")
                continue
            ended = end_run(state)
            print(f"{name}: {ended} processes ended." if ended else f"{name}: not up.", flush=True)
            Placement(state.run_dir).remove()
    return 0


def _alone(name: str) -> AbstractContextManager[None]:
    return only_one(RUN / f"{name}.lock", name, report=lambda line: print(line, flush=True))


def status(architectures: list[str]) -> int:
    """List the processes."""
    for name in architectures:
        state = read_state(RUN / name)
        if state is None or not state.alive:
            print(f"{name}: not up.")
            continue
        print(f"{name}, {state.facts.get('base_url', 'not ready')}:")
        for recorded in state.processes:
            condition = "running" if recorded.alive else "ended"
            print(f"  {recorded.name:24} {recorded.pid:>8}  {condition}")
    return 0


def logs(architectures: list[str]) -> int:  # noqa: RET503 - the program is replaced
    """Show the ends of all logs and follow them until interrupted."""
    states = [read_state(RUN / name) for name in architectures]
    files = [str(path) for state in states if state is not None for path in _log_files(state)]
    if not files:
        print("Nothing is up.")
        return 1
    os.execvp("tail", ["tail", "-n", "10", "-F", *files])  # noqa: S606


def run(arguments: list[str]) -> int:
    """Deploy, run a command against the target, stop the target."""
    architecture, separator, command = (arguments[:1] or [""])[0], arguments[1:2], arguments[2:]
    if architecture not in ARCHITECTURES or separator != ["--"] or not command:
        print(__doc__, file=sys.stderr)
        return 2
    die_with_parent()
    signal.signal(signal.SIGTERM, _interrupt)
    edge_port, image_port = free_ports(2)
    run_dir = RUN / f"run-{architecture}-{os.getpid()}"
    settings = {"IMAGE_FETCH_ALLOW": f"127.0.0.1:{image_port}"}
    with deploy(architecture, run_dir=run_dir, edge_port=edge_port, settings=settings) as target:
        target.start_image_server(image_port)
        environment = {
            **os.environ,
            **target.store_environment(),
            "ARCH": architecture,
            "BASE_URL": target.base_url,
            "IMAGE_SERVER": f"http://127.0.0.1:{image_port}",
        }
        status = subprocess.run(command, check=False, env=environment).returncode
    if status == 0:
        shutil.rmtree(run_dir)
    else:
        print(f"The logs of the {architecture} are in {run_dir / 'logs'}.", file=sys.stderr)
    return status


def _log_files(state: RunState) -> list[Path]:
    return sorted(recorded.log for recorded in state.processes)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
