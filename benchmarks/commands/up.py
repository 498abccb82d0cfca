"""Deploy architectures on the fixed ports and leave them running; `.run/NAME/` has their state."""

import argparse
from contextlib import ExitStack

from backing import BackingError
from backing.state import RunState, end_run, read_state
from benchmarks.command_line import end_with_parent
from benchmarks.commands.architecture_arguments import (
    ERRORS,
    INTERRUPTED,
    MEASUREMENT_LOCK,
    RUN,
    add_architectures,
    add_recognition,
    alone,
    chosen,
    with_disk_errors,
)
from benchmarks.targets.local.command_lock import refuse_beside_measurement
from benchmarks.targets.local.deployment import deploy
from benchmarks.targets.local.startup_message import create_sample_account, startup_message
from benchmarks.targets.local.target import Target

__all__ = ["ERRORS", "INTERRUPTED", "configure", "run"]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the architectures, and what makes their attempts."""
    add_architectures(parser)
    add_recognition(parser)


def run(options: argparse.Namespace) -> int:
    """Deploy those that aren't up; print URLs, a sample account and a command line to paste.

    One that is up with the other RECOGNITION is refused, since it stays as it is.
    Another `up` or `down` of the same architecture waits until this one is done. While a command
    measures, this one is refused.
    """
    return with_disk_errors(lambda: _run(chosen(options), options.recognition))


def _run(architectures: list[str], recognition: str) -> int:
    end_with_parent()
    refuse_beside_measurement(MEASUREMENT_LOCK, " and ".join(architectures))
    with ExitStack() as locks:
        for name in architectures:
            locks.enter_context(alone(name))
        _deploy(architectures, recognition)
    return 0


def _deploy(architectures: list[str], recognition: str) -> None:
    started: list[Target] = []
    try:
        for name in architectures:
            state = read_state(RUN / name)
            if state is not None and state.alive and "email" not in state.facts:
                end_run(state)  # the remains of a start that was cut off
                state = None
            if state is None or not state.alive:
                print(f"{name}: starting …", flush=True)
                settings = {"RECOGNITION": recognition}
                started.append(deploy(name, run_dir=RUN / name, settings=settings))
                _add_sample_account(started[-1], recognition)
            elif ended := [recorded.name for recorded in state.processes if not recorded.alive]:
                message = f"{name}: up, but {', '.join(ended)} ended: see {RUN / name}/logs, "
                raise BackingError(message + "then make down and make up.")
            else:
                check_recognition(state, name, recognition)
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


def check_recognition(state: RunState, name: str, recognition: str) -> None:
    """Raise BackingError if the architecture is up with the other choice of RECOGNITION."""
    found = state.facts.get("recognition", "celery")
    if found != recognition:
        message = f"{name}: up already with RECOGNITION={found}; run make down first."
        raise BackingError(message)


def _add_sample_account(target: Target, recognition: str) -> None:
    email, password = create_sample_account(target.base_url)
    made = {"email": email, "password": password, "recognition": recognition}
    target.supervisor.facts |= made
    target.supervisor.save()
