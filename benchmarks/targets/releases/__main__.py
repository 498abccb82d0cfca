"""What `make release`, `make can-deploy`, `make rollback` and `make releases` call.

`python -m benchmarks.targets.releases can-deploy UNIT REF | release UNIT REF [anyway] |
rollback UNIT | list`: works on the target that `make up` left running.
"""

import signal
import sys
from dataclasses import replace
from types import FrameType

from backing import BackingError
from backing.lifetime import die_with_parent
from backing.state import read_state
from benchmarks.targets.architectures import ARCHITECTURES, REPOSITORY, Architecture, unit_names
from benchmarks.targets.errors import ReleaseError, TargetError
from benchmarks.targets.gate.verdict import can_deploy
from benchmarks.targets.git import resolve
from benchmarks.targets.local.edge import url
from benchmarks.targets.local.placement import Installed, Placement
from benchmarks.targets.releases.artifacts import build, recipe, refuse_uncommitted
from benchmarks.targets.releases.canary import Canary
from benchmarks.targets.releases.rollout import one_release
from benchmarks.targets.releases.running_target import attach, running

RUN = REPOSITORY / ".run"


def main(arguments: list[str]) -> int:
    """Carry out one command; the exit status is 1 when it could not be, and 2 for a wrong call."""
    try:
        match arguments:
            case ["can-deploy", unit, ref]:
                return 1 if ask(unit, ref) else 0
            case ["release", unit, ref]:
                release(unit, ref)
            case ["release", unit, ref, "anyway"]:
                release(unit, ref, anyway=True)
            case ["rollback", unit]:
                roll_back(unit)
            case ["list"]:
                show()
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except BackingError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; what serves is what `make releases` says.", file=sys.stderr)
        return 130
    return 0


def ask(unit: str, ref: str) -> list[str]:
    """Say whether a commit of a unit may be released beside what runs; returns what speaks against.

    Each line that is printed is one pact or description that it was held against.
    """
    architecture = _architecture(unit)
    commit = _commit(architecture, unit, ref)
    others = running(architecture, RUN / architecture.name)
    _say(f"May {unit} {ref} ({commit[:8]}) be released beside what runs?")
    against: list[str] = []
    for check in can_deploy(architecture, unit, commit, others):
        _say(f"  {check.what:60} {'yes' if check.passed else 'NO'}")
        for reason in check.reasons:
            _say(f"      {reason}")
            against.append(f"{check.what}: {reason}")
    _say("Yes." if not against else "No.")
    return against


def release(unit: str, ref: str, *, anyway: bool = False) -> None:
    """Build a commit of a unit and bring it into service, if nothing speaks against it.

    `anyway` releases it all the same, and writes down what spoke against it.
    """
    architecture = _architecture(unit)
    run_dir = RUN / architecture.name
    with one_release(run_dir, unit):
        releaser = attach(architecture, run_dir)
        commit = _commit(architecture, unit, ref)
        try:
            against = ask(unit, ref)
        except TargetError as error:
            if not anyway:
                raise
            against = [f"the gate could not be asked: {error}"]
        if against and not anyway:
            message = f"{unit} {ref} was not released: ANYWAY=1 releases it in spite of that."
            raise ReleaseError(message)
        _say(f"{unit}: {ref} is {commit[:8]}")
        artifact = build(recipe(architecture, unit), commit)
        _say(f"  {'artifact':28} {artifact.seconds:6.1f} s")
        installed = replace(artifact.installed, despite=tuple(against))
        with Canary(url(Placement(run_dir).read())) as canary:
            releaser.roll_out(unit, installed, canary=canary, report=_say)
    _say(f"{unit} {artifact.version} serves.")


def roll_back(unit: str) -> None:
    """Bring what served before into service again."""
    architecture = _architecture(unit)
    run_dir = RUN / architecture.name
    with one_release(run_dir, unit):
        releaser = attach(architecture, run_dir)
        earlier = Placement(run_dir).read().earlier.get(unit, [])
        if not earlier:
            message = f"Nothing served before what serves of {unit} now: release something else."
            raise ReleaseError(message)
        before = _kept(architecture, unit, earlier[-1])
        _say(f"{unit}: back to {before.version}")
        releaser.roll_out(unit, before, back=True, report=_say)
    _say(f"{unit} {before.version} serves.")


def show() -> None:
    """Say what runs where, since when."""
    found = False
    for architecture in ARCHITECTURES.values():
        run_dir = RUN / architecture.name
        state = read_state(run_dir)
        if state is None or not state.alive:
            continue
        found = True
        placed = Placement(run_dir).read()
        _say(f"{architecture.name}, {state.facts.get('base_url', 'not ready')}:")
        for unit, installed in placed.installed.items():
            version = installed.version
            if not installed.is_release:
                version += f" ({installed.commit[:8] or 'with changes'})"
            back = placed.earlier.get(unit, [])
            kept = f"before it {back[-1].version}" if back else "nothing before it"
            _say(f"  {unit:12} {version:28} since {installed.since}, {kept}")
            for reason in installed.despite:
                _say(f"  {'':12} released in spite of: {reason}")
    if not found:
        _say("Nothing is up: `make up` starts it.")


def _architecture(unit: str) -> Architecture:
    known = {name: it for it in ARCHITECTURES.values() for name in unit_names(it)}
    if unit not in known:
        message = f"There is no unit {unit or '(none given)'}: it is one of {', '.join(known)}."
        raise ReleaseError(message)
    return known[unit]


def _commit(architecture: Architecture, unit: str, ref: str) -> str:
    """The commit that is meant; ReleaseError where the unit has changes on top of it."""
    commit = resolve(ref)
    if commit == resolve("HEAD"):
        refuse_uncommitted(recipe(architecture, unit))
    return commit


def _kept(architecture: Architecture, unit: str, before: Installed) -> Installed:
    """What served before, from an artifact: the working tree may have changed meanwhile."""
    if before.is_release:
        return before
    if not before.commit:
        message = (
            f"What served of {unit} before was a working tree with changes, which nothing keeps: "
            "release a commit instead (make release UNIT=… REF=…)."
        )
        raise ReleaseError(message)
    return build(recipe(architecture, unit), before.commit).installed


def _say(line: str) -> None:
    print(line, flush=True)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    die_with_parent()
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(main(sys.argv[1:]))
