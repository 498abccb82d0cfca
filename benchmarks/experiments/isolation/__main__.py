"""Plant faults on both sides, run the suites that they reach, and keep each test's outcome.

`python -m benchmarks.experiments.isolation RESULTS_DIR [--faults A,B] [--profile NAME] [--seed N]`:
what is in the folder already isn't run again. The faults go into a copy of the commit that is
checked out; the working tree is left alone. `--list` lists the faults.
"""

import argparse
import signal
import sys
from pathlib import Path
from types import FrameType

from benchmarks.experiments.catalogue.faults import FAULTS, NULLS
from benchmarks.experiments.isolation.run import begin, go_on
from benchmarks.experiments.runner.errors import HarnessError, UsageError
from benchmarks.experiments.runner.profiles import PROFILES
from benchmarks.targets.errors import TargetError

FAILED, MISUSED, INTERRUPTED = 1, 2, 130


def main(arguments: list[str] | None = None) -> int:
    """Run the experiment; return the status: 1 for problems, 2 for a wrong call, 130 for Ctrl-C."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.experiments.isolation", description=__doc__
    )
    parser.add_argument("folder", type=Path, nargs="?", metavar="RESULTS_DIR")
    parser.add_argument("--faults", default="", help="only these, with commas between")
    parser.add_argument("--profile", default="standard", help=f"one of {', '.join(PROFILES)}")
    parser.add_argument("--seed", type=int, default=1, help="of what is drawn, and of the order")
    parser.add_argument("--list", action="store_true", help="list the faults")
    options = parser.parse_args(arguments)
    if options.list:
        for fault in (*FAULTS, *NULLS):
            print(f"{fault.name}: {fault.change.title}")
        return 0
    if options.folder is None:
        parser.print_usage(sys.stderr)
        return MISUSED
    for number in (signal.SIGTERM, signal.SIGINT):  # a shell's `&` has it ignored
        signal.signal(number, _interrupt)
    try:
        plan = begin(options.folder, options.profile, options.seed, options.faults)
        problems = go_on(options.folder, plan, lambda line: print(line, flush=True))
    except UsageError as error:
        print(error, file=sys.stderr)
        return MISUSED
    except (HarnessError, TargetError) as error:
        print(error, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("\nInterrupted; what was run is kept, and nothing is left running.", file=sys.stderr)
        return INTERRUPTED
    for problem in problems:
        print(problem, file=sys.stderr)
    return FAILED if problems else 0


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
