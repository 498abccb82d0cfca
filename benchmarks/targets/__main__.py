"""`python -m benchmarks.targets up|down|logs|status [ARCHITECTURE…]`: what `make up` calls.

`up` deploys on the fixed ports and leaves the target running; the other commands find it by the
state file in `.run/<architecture>/`.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from backing import BackingError
from backing.lifetime import die_with_parent
from backing.state import RunState, end_run, read_state

from benchmarks.targets.architectures import ARCHITECTURES, REPOSITORY
from benchmarks.targets.greeting import create_sample_account, greet
from benchmarks.targets.local import Target, deploy

RUN = REPOSITORY / ".run"


def main(arguments: list[str]) -> int:
    """Carry out one command; the exit status is 1 when it could not be."""
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
    try:
        return commands[command](architectures)
    except BackingError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; nothing is left running.", file=sys.stderr)
        return 130


def up(architectures: list[str]) -> int:
    """Deploy those that aren't up; print addresses, a sample account and a line to paste."""
    die_with_parent()
    signal.signal(signal.SIGTERM, _interrupt)
    started: list[Target] = []
    try:
        for name in architectures:
            state = read_state(RUN / name)
            if state is None or not state.alive:
                print(f"Starting the {name} …", flush=True)
                started.append(deploy(name, run_dir=RUN / name))
                _add_sample_account(started[-1])
            elif dead := [recorded.name for recorded in state.processes if not recorded.alive]:
                message = f"The {name} is up, but {', '.join(dead)} ended: see {RUN / name}/logs, "
                raise BackingError(message + "then make down and make up.")
            else:
                print(f"The {name} is up already.")
    except BaseException:
        for target in started:
            target.stop()
        raise
    for target in started:
        target.detach()
    for name in architectures:
        found = read_state(RUN / name)
        if found is not None:
            print(greet(found))
    return 0


def _add_sample_account(target: Target) -> None:
    email, password = create_sample_account(target.base_url)
    target.supervisor.facts |= {"email": email, "password": password}
    target.supervisor.save()


def down(architectures: list[str]) -> int:
    """End what is up."""
    for name in architectures:
        state = read_state(RUN / name)
        if state is None:
            print(f"The {name} is not up.")
        else:
            print(f"The {name}: {end_run(state)} processes ended.", flush=True)
    return 0


def status(architectures: list[str]) -> int:
    """List the processes."""
    for name in architectures:
        state = read_state(RUN / name)
        if state is None:
            print(f"The {name} is not up.")
            continue
        print(f"The {name}, {state.facts.get('base_url', 'not ready')}:")
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


def _log_files(state: RunState) -> list[Path]:
    return sorted(recorded.log for recorded in state.processes)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
