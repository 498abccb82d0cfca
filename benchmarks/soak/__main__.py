"""`python -m benchmarks.soak [--minutes N] [ARCHITECTURE…]`: load a fresh deployment, find leaks.

The architectures run side by side. Exit status 1 where something grew beyond its limit, a request
failed, or an object, row or key was left over; 130 after Ctrl-C.
"""

import argparse
import json
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from backing import BackingError
from backing.lifetime import die_with_parent
from benchmarks.soak.run import Soak, soak
from benchmarks.targets.architectures import ARCHITECTURES

RESULTS = Path(__file__).parents[1] / "results"
FAILED, INTERRUPTED = 1, 130


def main(arguments: list[str] | None = None) -> int:
    """Run the soak on each architecture, print a summary, and keep the readings."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("architectures", nargs="*", metavar="ARCHITECTURE")
    parser.add_argument("--minutes", type=_minutes, default=30.0, help="length of the load")
    parser.add_argument("--output", type=Path, help="file for the summary (default: results/…)")
    options = parser.parse_args(arguments)
    names = options.architectures or list(ARCHITECTURES)
    if unknown := set(names) - set(ARCHITECTURES):
        known = ", ".join(ARCHITECTURES)
        parser.error(f"no architecture {', '.join(sorted(unknown))}: use {known}")
    die_with_parent()
    signal.signal(signal.SIGTERM, _interrupt)
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    output = options.output or RESULTS / f"{moment}-soak" / "soak.json"
    output.parent.mkdir(parents=True, exist_ok=True)
    try:
        with ThreadPoolExecutor(len(names)) as pool:
            done = list(
                pool.map(lambda name: soak(name, options.minutes * 60, output.parent), names)
            )
    except BackingError as error:
        print(error, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("\nInterrupted; what this command started has ended.", file=sys.stderr)
        return INTERRUPTED
    output.write_text(json.dumps([it.document() for it in done], indent=1) + "\n", encoding="utf-8")
    for it in done:
        _show(it)
    print(output)
    return FAILED if any(it.problems for it in done) else 0


def _show(done: Soak) -> None:
    print(f"\n{done.architecture}: {done.requests} requests, {done.failures} failed")
    for it in done.growth:
        if it.measure == "memory_bytes":
            mib = 2**20
            print(
                f"  {it.process:26} {it.before / mib:7.1f} MiB → {it.after / mib:7.1f} MiB"
                f"  {it.ratio * 100:+6.1f} %"
            )
    for problem in done.problems:
        print(f"  problem: {problem}")


def _minutes(text: str) -> float:
    minutes = float(text)
    if not 1 <= minutes <= 24 * 60:
        message = "give 1 to 1440 minutes"
        raise argparse.ArgumentTypeError(message)
    return minutes


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
