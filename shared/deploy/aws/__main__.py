"""`make aws-check` and `make aws-local`: `python -m aws check [REGION]`, `python -m aws local`."""

import sys
import tempfile
import time
from pathlib import Path

from aws import checks, emulator, exceptions, local_flow, local_stack, local_variant, valkey
from aws.paths import REPOSITORY, TEMPLATES, MissingEnvironment
from aws.templates import REGION

_IMAGE = REPOSITORY / "shared" / "fixtures" / "load.jpg"
_USAGE = "usage: python -m aws check [REGION] | local"
# The database of Valkey that the services publish to, and the queue of outcomes in it
_DATABASE, _OUTCOMES = 2, "submissions"


def main(arguments: list[str]) -> int:
    """Run one of the commands; return its exit status."""
    try:
        match arguments:
            case ["check", *region] if len(region) <= 1:
                return check(*region)
            case ["local"]:
                return local()
            case _:
                print(_USAGE, file=sys.stderr)
                return 2
    except (
        MissingEnvironment,
        emulator.StartError,
        exceptions.ExceptionsError,
        local_flow.NoResult,
        local_stack.DeployError,
    ) as error:
        print(error, file=sys.stderr)
        return 1


def check(region: str = REGION) -> int:
    """Check every template for a region; print a line for each check, and what it found."""
    outcomes = checks.check(TEMPLATES, exceptions.read(), region=region)
    for outcome in outcomes:
        verdict = "ok" if outcome.green else "FAILED"
        print(f"  {outcome.name:28} {verdict:8} {outcome.seconds:5.1f} s", flush=True)
        for problem in outcome.problems:
            print(f"    | {problem}", flush=True)
    failed = [it.name for it in outcomes if not it.green]
    if failed:
        print(f"{len(failed)} of {len(outcomes)} checks failed: {', '.join(failed)}.")
        return 1
    print(f"All {len(outcomes)} checks of {len(TEMPLATES)} templates passed.")
    return 0


def local() -> int:
    """Deploy the recognition service's stack to the emulator, recognize one image, delete it."""
    started = time.monotonic()

    def report(text: str) -> None:
        print(f"{time.monotonic() - started:6.1f} s  {text}", flush=True)

    with tempfile.TemporaryDirectory(prefix="flow-aws-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        with (
            valkey.running(folder) as port,
            emulator.running(folder, services=local_stack.SERVICES) as cloud,
        ):
            report("the emulator and Valkey run")
            broker_url = f"redis://127.0.0.1:{port}/{_DATABASE}"
            template = local_variant.write(folder, broker_url=broker_url)
            stack = local_stack.deploy(cloud, template)
            report(f"the stack is deployed: {len(stack.resources)} resources")
            recognized = local_flow.submit(cloud, stack, _IMAGE)
            faces = len(recognized.document["detections"])
            report(f"faces in {_IMAGE.name}: {faces}, {recognized.seconds:.1f} s after the message")
            outcomes = valkey.call(port, "LLEN", _OUTCOMES, database=_DATABASE)
            report(f"messages for the submissions service: {outcomes.removeprefix(':')}")
            local_stack.delete(cloud)
            report("the stack is deleted")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
