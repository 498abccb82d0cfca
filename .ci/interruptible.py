"""Run a module as `python -m` does; Ctrl-C while it still imports ends in a sentence.

`interruptible.py MODULE ARGUMENT…`, from the repository's root. Standard library only.
"""

import runpy
import sys
from pathlib import Path

INTERRUPTED = 130

if __name__ == "__main__":
    try:
        sys.path[0] = str(Path(__file__).resolve().parents[1])
        del sys.argv[0]
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        sys.exit(INTERRUPTED)
