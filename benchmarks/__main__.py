"""Run one command of `benchmarks.command_line`."""

import sys

from benchmarks.command_line import main

if __name__ == "__main__":
    sys.exit(main())
